package io.jollyboat.kubelet.node;

import io.jollyboat.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What this host is and has, read from the kernel. */
public class Machine {
    private static final Log LOG = Log.of(Machine.class);

    private final Path storage;

    /** @param storage on the file system whose space counts */
    public Machine(Path storage) {
        this.storage = storage;
    }

    /** One of which nothing is known: simulated nodes are told what they have. */
    public static Machine unknown() {
        return new Machine(null) {
            @Override
            String read(String file) {
                return "";
            }
        };
    }

    public int cpus() {
        // Not what the JVM may use: what is there.
        long count = read("/proc/cpuinfo")
                .lines()
                .filter(l -> l.startsWith("processor"))
                .count();
        return (int) Math.max(1, count);
    }

    public long memoryKib() {
        return meminfo("MemTotal:");
    }

    long freeMemoryKib() {
        long free = meminfo("MemAvailable:");
        return free == 0 ? Long.MAX_VALUE : free;
    }

    long storageBytes() {
        FileStore store = store();
        try {
            return store == null ? 0 : store.getTotalSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    /** 100 when it cannot be told. */
    long freeStoragePercent() {
        FileStore store = store();
        try {
            return store == null || store.getTotalSpace() == 0
                    ? 100
                    : store.getUsableSpace() * 100 / store.getTotalSpace();
        } catch (IOException e) {
            return 100;
        }
    }

    boolean manyProcesses() {
        String[] running = read("/proc/loadavg").split("[ /]");
        String max = read("/proc/sys/kernel/pid_max").strip();
        try {
            return running.length > 4 && Long.parseLong(running[4]) * 100 > Long.parseLong(max) * 95;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    String machineId() {
        return read("/etc/machine-id").strip();
    }

    String systemUuid() {
        String uuid = read("/sys/class/dmi/id/product_uuid").strip();
        return uuid.isEmpty() ? machineId() : uuid;
    }

    String bootId() {
        return read("/proc/sys/kernel/random/boot_id").strip();
    }

    String kernelVersion() {
        return read("/proc/sys/kernel/osrelease").strip();
    }

    String osImage() {
        return read("/etc/os-release")
                .lines()
                .filter(l -> l.startsWith("PRETTY_NAME="))
                .map(l -> l.substring("PRETTY_NAME=".length()).replace("\"", ""))
                .findFirst()
                .orElse("Linux");
    }

    static String architecture() {
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (arch) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> arch;
        };
    }

    private long meminfo(String key) {
        return read("/proc/meminfo")
                .lines()
                .filter(l -> l.startsWith(key))
                .map(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0L);
    }

    private FileStore store() {
        Path path = storage;
        while (path != null && !Files.exists(path)) {
            path = path.getParent();
        }
        try {
            return path == null ? null : Files.getFileStore(path);
        } catch (IOException e) {
            LOG.debug("cannot tell the space on a file system", "path", path, "error", e.toString());
            return null;
        }
    }

    String read(String file) {
        // Not Files.readString: its first read is of one byte, after which files below /proc/sys are at their end.
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
