package io.jollyboat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The mark that every process of a cluster carries in its environment, and hands on to its children: the path of its pid
 * file. It finds processes whose supervisor or pid file was lost, and keeps apart those that were given their pid later.
 */
final class Marks {
    static final String VARIABLE = "JOLLY_PROCESS";

    private Marks() {}

    /** Supervisor and process of a pid file. Shims outlive their containerd, and are not among them. */
    static List<ProcessHandle> of(Path pidFile) {
        return ProcessHandle.allProcesses()
                .filter(handle -> mark(handle).filter(pidFile::equals).isPresent())
                .filter(handle -> !isShim(handle))
                .toList();
    }

    /** Everything that was started for the cluster which has its pid files in the folder. */
    static List<ProcessHandle> below(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(handle ->
                        mark(handle).filter(file -> file.startsWith(folder)).isPresent())
                .toList();
    }

    static boolean has(ProcessHandle handle, Path pidFile) {
        return mark(handle).filter(pidFile::equals).isPresent();
    }

    private static Optional<Path> mark(ProcessHandle handle) {
        String start = VARIABLE + "=";
        for (String variable : read(handle, "environ").split("\0")) {
            if (variable.startsWith(start)) {
                return Optional.of(Path.of(variable.substring(start.length())));
            }
        }
        return Optional.empty();
    }

    private static boolean isShim(ProcessHandle handle) {
        return read(handle, "cmdline").contains("containerd-shim");
    }

    /** Empty for one that is gone, is a zombie or is not ours to look at. */
    private static String read(ProcessHandle handle, String file) {
        try {
            return new String(
                    Files.readAllBytes(Path.of("/proc", Long.toString(handle.pid()), file)),
                    java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
