package io.jollyboat.kubelet.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Owner, group and mode of files, by number. */
final class Ownership {
    private Ownership() {}

    /** @param owner and group: -1 for root */
    static void apply(Path path, long owner, long group, int mode) throws IOException {
        if (owner > 0) {
            Files.setAttribute(path, "unix:uid", (int) owner, LinkOption.NOFOLLOW_LINKS);
        }
        if (group > 0) {
            Files.setAttribute(path, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
        }
        Files.setAttribute(path, "unix:mode", mode);
    }

    static boolean matches(Path path, long owner, long group, int mode) throws IOException {
        Map<String, Object> now = Files.readAttributes(path, "unix:uid,gid,mode");
        return ((Integer) now.get("mode") & 07777) == mode
                && (Integer) now.get("uid") == Math.max(0, owner)
                && (Integer) now.get("gid") == Math.max(0, group);
    }

    /** Gives the whole tree to the group, which may read and write it, and new files to it as well. */
    static void share(Path root, long group) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(p -> !Files.isSymbolicLink(p)).toList()) {
                int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
                apply(path, -1, group, mode | (Files.isDirectory(path) ? 02770 : 0660));
            }
        }
    }
}
