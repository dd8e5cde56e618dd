package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes away what the cluster's pods left on this machine: processes, mounts, cgroups, files. Finds everything through
 * the cluster's own folders, socket paths and cgroup names, so nobody else's is touched.
 */
final class Cleanup {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final long TERM_MILLIS = 1500;

    private final ClusterSpec spec;
    private final ClusterPaths paths;

    Cleanup(ClusterSpec spec, ClusterPaths paths) {
        this.spec = spec;
        this.paths = paths;
    }

    /** The folder below each cgroup hierarchy that holds everything of a worker host. */
    static String cgroupRoot(ClusterSpec spec, LocalNode node) {
        return "/jollyboat-" + spec.name() + "/" + node.name();
    }

    /** Ends all containers: first SIGTERM, after a while SIGKILL; then the shims. */
    void endPods() {
        signal(containerProcesses(), false);
        Wait.until(TERM_MILLIS, () -> containerProcesses().isEmpty());
        // pause and whoever else does not listen
        Wait.until(5000, () -> {
            signal(containerProcesses(), true);
            return containerProcesses().isEmpty();
        });
        Wait.until(5000, () -> {
            signal(shims(), true);
            return shims().isEmpty();
        });
    }

    private static void signal(List<ProcessHandle> processes, boolean kill) {
        for (ProcessHandle process : processes) {
            if (kill) {
                process.destroyForcibly();
            } else {
                process.destroy();
            }
        }
    }

    private List<ProcessHandle> containerProcesses() {
        List<ProcessHandle> found = new ArrayList<>();
        for (Path cgroup : cgroups()) {
            try (Stream<String> pids = Files.lines(cgroup.resolve("cgroup.procs"))) {
                pids.map(pid -> ProcessHandle.of(Long.parseLong(pid)))
                        .flatMap(Optional::stream)
                        .filter(ProcessHandle::isAlive)
                        .forEach(found::add);
            } catch (IOException | java.io.UncheckedIOException gone) {
                // the cgroup is gone already
            }
        }
        return found;
    }

    /** Shims name their containerd's socket on their command line. */
    private List<ProcessHandle> shims() {
        return ProcessHandle.allProcesses().filter(this::isShim).toList();
    }

    private boolean isShim(ProcessHandle process) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return line.contains("containerd-shim") && line.contains("-address\0" + paths.run() + "/");
        } catch (IOException e) {
            return false;
        }
    }

    /** All cgroups of the cluster, deepest first. */
    private List<Path> cgroups() {
        List<Path> roots = new ArrayList<>();
        String name = "jollyboat-" + spec.name();
        roots.add(CGROUPS.resolve(name));
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            hierarchies.filter(Files::isDirectory).map(h -> h.resolve(name)).forEach(roots::add);
        } catch (IOException e) {
            throw Shell.unchecked(e);
        }
        List<Path> all = new ArrayList<>();
        for (Path root : roots) {
            if (Files.isDirectory(root)) {
                try (Stream<Path> tree = Files.walk(root)) {
                    tree.filter(Files::isDirectory).forEach(all::add);
                } catch (IOException | java.io.UncheckedIOException gone) {
                    // a cgroup vanished while it was read: the next look sees the rest
                }
            }
        }
        all.sort(Comparator.comparingInt(Path::getNameCount).reversed());
        return all;
    }

    /** Removes the empty cgroups; call after {@link #endPods}. */
    void removeCgroups() {
        Wait.until(2000, () -> {
            for (Path cgroup : cgroups()) {
                // not Files.delete: the kernel's files inside do not count, but keep others from being deleted
                cgroup.toFile().delete();
            }
            return cgroups().isEmpty();
        });
    }

    /** Unmounts everything below the cluster's folders, deepest first. */
    void unmount() {
        try {
            List<String> mounts = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .map(line -> line.split(" ")[1].replace("\\040", " "))
                    .filter(mount -> mount.startsWith(paths.run() + "/") || mount.startsWith(paths.data() + "/"))
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .toList();
            for (String mount : mounts) {
                Shell.run("umount", "--lazy", mount);
            }
        } catch (IOException e) {
            throw Shell.unchecked(e);
        }
    }

    /** Deletes a tree; refuses while something is mounted below it. */
    static void deleteTree(Path root) {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            boolean mounted = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .anyMatch(line -> line.split(" ")[1].startsWith(root + "/"));
            if (mounted) {
                throw new CliException("something is still mounted below " + root + ": not deleted");
            }
            try (Stream<Path> tree = Files.walk(root)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException e) {
            throw new CliException("cannot delete " + root + ": " + e.getMessage(), e);
        }
    }
}
