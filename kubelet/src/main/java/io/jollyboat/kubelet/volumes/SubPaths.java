package io.jollyboat.kubelet.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Parts of volumes that are mounted instead of the whole. A pod can put links into its volumes: none leads out. */
final class SubPaths {
    private SubPaths() {}

    /**
     * The real path below the volume. What is not there becomes a directory that may be used as the volume's own.
     *
     * @param sub relative, without dots
     */
    static Path make(Path volume, String sub) throws IOException {
        Path root = volume.toRealPath();
        int mode = (Integer) Files.getAttribute(root, "unix:mode") & 07777;
        Path at = root;
        for (Path name : Path.of(sub)) {
            Path next = at.resolve(name);
            if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(next);
                // As asked for, whatever the umask.
                Files.setAttribute(next, "unix:mode", mode);
            }
            at = next.toRealPath();
            if (!at.startsWith(root)) {
                throw new IOException(next + " leads out of the volume");
            }
        }
        return at;
    }
}
