package io.jollyboat.kubelet.cgroups;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.cri.v1.LinuxContainerResources;
import io.jollyboat.kubelet.status.QosClasses;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Groups under {@code <root>/kubepods}: Guaranteed pods in it, others in {@code burstable} and {@code besteffort}, as
 * upstream has them with its cgroupfs driver. On v1 only the controllers that are written get a folder here; the runtime
 * makes the others, and all are removed.
 */
public final class HostCgroups implements Cgroups {
    private static final Log LOG = Log.of(HostCgroups.class);
    private static final Duration REMOVAL_STEP = Duration.ofMillis(5);
    private static final int REMOVAL_STEPS = 400;

    private final Path mount;
    private final String parent;
    private final Runtime runtime;
    private final boolean unified;

    /**
     * @param mount {@code /sys/fs/cgroup}
     * @param root under which {@code kubepods} is, such as {@code /}
     */
    public HostCgroups(Path mount, String root, Runtime runtime) {
        this.mount = mount;
        this.parent = (root.endsWith("/") ? root : root + "/") + "kubepods";
        this.runtime = runtime;
        this.unified = Files.exists(mount.resolve("cgroup.controllers"));
    }

    /** The host has cgroup v2 only. */
    public boolean unified() {
        return unified;
    }

    /** Makes the groups that all pods share. */
    public void start(int hostCpus) {
        try {
            make(parent);
            writeShares(parent, PodResources.shares(hostCpus * 1000L));
            make(parent + "/burstable");
            make(parent + "/besteffort");
            writeShares(parent + "/besteffort", PodResources.shares(0));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make cgroup " + parent + " under " + mount, e);
        }
    }

    @Override
    public String create(Pod pod) {
        String path = path(QosClasses.of(pod), pod.getMetadata().getUid());
        LinuxContainerResources resources = PodResources.of(pod);
        try {
            make(path);
            writeShares(path, resources.getCpuShares());
            if (resources.getCpuQuota() > 0) {
                writeQuota(path, resources);
            }
            if (resources.getMemoryLimitInBytes() > 0) {
                write(
                        "memory",
                        path,
                        unified ? "memory.max" : "memory.limit_in_bytes",
                        Long.toString(resources.getMemoryLimitInBytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return path;
    }

    @Override
    public void remove(String podUid) {
        for (String qos : List.of(QosClasses.GUARANTEED, QosClasses.BURSTABLE, QosClasses.BEST_EFFORT)) {
            remove(hierarchies(), path(qos, podUid));
        }
    }

    /** Takes the shared groups away as well, if no pod is left. */
    public void removeAll() {
        remove(hierarchies(), parent);
    }

    @Override
    public List<String> podUids() {
        List<String> uids = new ArrayList<>();
        for (String folder : List.of(parent, parent + "/burstable", parent + "/besteffort")) {
            try (Stream<Path> groups = Files.list(at(unified ? "" : "memory", folder))) {
                groups.map(g -> g.getFileName().toString())
                        .filter(name -> name.startsWith("pod"))
                        .forEach(name -> uids.add(name.substring("pod".length())));
            } catch (IOException e) {
                LOG.debug("cannot list control groups", "path", folder, "error", e.toString());
            }
        }
        return uids;
    }

    private String path(String qos, String uid) {
        String name = "/pod" + uid;
        return qos.equals(QosClasses.GUARANTEED) ? parent + name : parent + "/" + qos.toLowerCase(Locale.ROOT) + name;
    }

    private void make(String path) throws IOException {
        if (unified) {
            Path folder = mount;
            for (String name : path.substring(1).split("/")) {
                enableControllers(folder);
                folder = folder.resolve(name);
                Files.createDirectories(folder);
            }
        } else {
            Files.createDirectories(at("cpu", path));
            Files.createDirectories(at("memory", path));
        }
    }

    private static void enableControllers(Path folder) throws IOException {
        List<String> wanted = new ArrayList<>(List.of("cpu", "memory", "pids", "cpuset", "io"));
        wanted.retainAll(List.of(
                Files.readString(folder.resolve("cgroup.controllers")).strip().split(" ")));
        wanted.removeAll(List.of(Files.readString(folder.resolve("cgroup.subtree_control"))
                .strip()
                .split(" ")));
        for (String controller : wanted) {
            Files.writeString(folder.resolve("cgroup.subtree_control"), "+" + controller);
        }
    }

    private void writeShares(String path, long shares) throws IOException {
        if (unified) {
            // The kernel's conversion of 2…262144 shares to weights 1…10000.
            write("", path, "cpu.weight", Long.toString(1 + (shares - 2) * 9999 / 262142));
        } else {
            write("cpu", path, "cpu.shares", Long.toString(shares));
        }
    }

    private void writeQuota(String path, LinuxContainerResources resources) throws IOException {
        if (unified) {
            write("", path, "cpu.max", resources.getCpuQuota() + " " + resources.getCpuPeriod());
        } else {
            write("cpu", path, "cpu.cfs_period_us", Long.toString(resources.getCpuPeriod()));
            write("cpu", path, "cpu.cfs_quota_us", Long.toString(resources.getCpuQuota()));
        }
    }

    private void write(String controller, String path, String file, String value) throws IOException {
        Files.writeString(at(controller, path).resolve(file), value);
    }

    private Path at(String controller, String path) {
        Path hierarchy = unified || controller.isEmpty() ? mount : mount.resolve(controller);
        return hierarchy.resolve(path.substring(1));
    }

    private List<Path> hierarchies() {
        if (unified) {
            return List.of(mount);
        }
        try (Stream<Path> folders = Files.list(mount)) {
            return folders.filter(Files::isDirectory)
                    .filter(f -> !Files.isSymbolicLink(f))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove(List<Path> hierarchies, String path) {
        for (Path hierarchy : hierarchies) {
            Path group = hierarchy.resolve(path.substring(1));
            if (Files.isDirectory(group)) {
                removeTree(group);
            }
        }
    }

    private void removeTree(Path group) {
        List<Path> groups;
        try (Stream<Path> tree = Files.walk(group)) {
            groups = tree.filter(Files::isDirectory)
                    .sorted(java.util.Comparator.reverseOrder())
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("control group vanished", "path", group);
            return;
        }
        groups.forEach(this::removeOne);
    }

    /** A group stays busy for a moment after its last process was reaped. */
    private void removeOne(Path group) {
        for (int i = 0; i < REMOVAL_STEPS; i++) {
            try {
                Files.delete(group);
                return;
            } catch (NoSuchFileException e) {
                return;
            } catch (DirectoryNotEmptyException e) {
                LOG.warn("control group has children left", "path", group);
                return;
            } catch (IOException e) {
                try {
                    runtime.sleep(REMOVAL_STEP);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
        LOG.warn("control group is still busy", "path", group);
    }
}
