package io.jollyboat.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What on this machine shows that a cluster is or was there. */
final class Traces {
    private Traces() {}

    /** Command lines of the other processes that are of the cluster. */
    static List<String> processes(Predicate<ProcessHandle> ofCluster) {
        return ProcessHandle.allProcesses()
                .filter(process -> !process.equals(ProcessHandle.current()))
                .filter(ofCluster)
                .map(process -> "process " + read(process, "cmdline").replace('\0', ' '))
                .toList();
    }

    /** Mounts, network namespaces and cgroups with the cluster's name or below its folder. */
    static List<String> inKernel(String name, Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .filter(mount -> mount.contains(folder + "/") || mount.contains("/" + name + "-"))
                .forEach(mount -> found.add("mount " + mount));
        for (Path parent :
                List.of(Path.of("/run/netns"), Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/memory"))) {
            if (Files.isDirectory(parent)) {
                try (Stream<Path> children = Files.list(parent)) {
                    children.filter(child -> child.getFileName().toString().contains(name))
                            .forEach(child -> found.add(child.toString()));
                }
            }
        }
        return found;
    }

    /** Of a process's folder in /proc; empty when the process is gone. */
    static String read(ProcessHandle process, String file) {
        try {
            return new String(
                    Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), file)), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }
}
