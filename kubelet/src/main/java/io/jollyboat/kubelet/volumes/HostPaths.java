package io.jollyboat.kubelet.volumes;

import io.jollyboat.api.core.v1.HostPathVolumeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks, and where asked makes, what a hostPath volume points to. */
final class HostPaths {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int CHAR_DEVICE = 0020000;
    private static final int BLOCK_DEVICE = 0060000;

    private HostPaths() {}

    static void check(HostPathVolumeSource source) throws IOException {
        Path path = Path.of(source.getPath());
        switch (source.getType()) {
            case "" -> {}
            case "DirectoryOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createDirectories(path);
                    Ownership.apply(path, -1, -1, 0755);
                }
                require(Files.isDirectory(path), path, "a directory");
            }
            case "Directory" -> require(Files.isDirectory(path), path, "a directory");
            case "FileOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createFile(path);
                    Ownership.apply(path, -1, -1, 0644);
                }
                require(Files.isRegularFile(path), path, "a file");
            }
            case "File" -> require(Files.isRegularFile(path), path, "a file");
            case "Socket" -> require(hasType(path, SOCKET), path, "a socket file");
            case "CharDevice" -> require(hasType(path, CHAR_DEVICE), path, "a character device");
            case "BlockDevice" -> require(hasType(path, BLOCK_DEVICE), path, "a block device");
            default -> throw new VolumeException("hostPath type check failed: unknown type " + source.getType());
        }
    }

    private static boolean hasType(Path path, int type) throws IOException {
        return Files.exists(path) && ((Integer) Files.getAttribute(path, "unix:mode") & TYPE) == type;
    }

    private static void require(boolean holds, Path path, String what) {
        if (!holds) {
            throw new VolumeException("hostPath type check failed: " + path + " is not " + what);
        }
    }
}
