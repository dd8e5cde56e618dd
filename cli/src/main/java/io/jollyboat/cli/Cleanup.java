package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Takes away what the cluster's pods left on this machine: processes, mounts, cgroups, files. Finds everything through
 * the cluster's own folders, socket paths and cgroup names, so nobody else's is touched.
 */
final class Cleanup {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Path CNI_RESULTS = Path.of("/var/lib/cni/results");
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

    /** Ends whatever else was started for the cluster, such as a process whose supervisor was killed. */
    void endStrays() {
        // A dying process loses its mark before it closes its sockets: all that were seen must be gone.
        Set<ProcessHandle> seen = new HashSet<>(Marks.below(paths.run()));
        signal(List.copyOf(seen), false);
        Wait.until(TERM_MILLIS, () -> seen.stream().noneMatch(ProcessHandle::isAlive));
        Wait.until(5000, () -> {
            List<ProcessHandle> marked = Marks.below(paths.run());
            seen.addAll(marked);
            signal(marked, true);
            return marked.isEmpty() && seen.stream().noneMatch(ProcessHandle::isAlive);
        });
    }

    boolean anyCgroup() {
        return !cgroups().isEmpty();
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

    /** libcni remembers each sandbox that it gave a network in a folder of its own, and pods that are killed stay there. */
    void forgetCniResults() {
        if (!Files.isDirectory(CNI_RESULTS)) {
            return;
        }
        try (Stream<Path> results = Files.list(CNI_RESULTS)) {
            for (Path result : results.toList()) {
                if (Files.isRegularFile(result) && Files.readString(result).contains("\"" + paths.run() + "/")) {
                    Files.deleteIfExists(result);
                }
            }
        } catch (IOException e) {
            throw CliException.of("cannot clean", CNI_RESULTS, e);
        }
        ClusterPaths.deleteIfEmpty(CNI_RESULTS);
        ClusterPaths.deleteIfEmpty(CNI_RESULTS.getParent());
    }

    /** Unmounts everything below the cluster's folders, deepest first. */
    void unmount() {
        try {
            List<String> mounts = mountPoints().stream()
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
            Optional<String> mounted = mountPoints().stream()
                    .filter(mount -> mount.startsWith(root + "/"))
                    .findFirst();
            if (mounted.isPresent()) {
                throw new CliException(root + " is not deleted: something is still mounted at " + mounted.get());
            }
            try (Stream<Path> tree = Files.walk(root)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException e) {
            throw CliException.of("cannot delete", root, e);
        }
    }

    /** Deletes what is in a folder, but for one thing in it. */
    static void deleteAllBut(Path folder, Path kept) {
        try (Stream<Path> children = Files.list(folder)) {
            children.filter(child -> !child.equals(kept)).toList().forEach(Cleanup::deleteTree);
        } catch (IOException e) {
            throw CliException.of("cannot look into", folder, e);
        }
    }

    private static List<String> mountPoints() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> unescape(line.split(" ")[1]))
                .toList();
    }

    /** The kernel writes white space and backslashes in octal. */
    private static String unescape(String path) {
        return path.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
