package io.jollyboat.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/** What every process tells of itself, under the names that Prometheus' clients share. Read when asked, not before. */
public final class ProcessMetrics {
    private static final Path STATM = Path.of("/proc/self/statm");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int PAGE_BYTES = 4096;

    private ProcessMetrics() {}

    public static void register(Metrics metrics) {
        gauge(
                metrics,
                "process_start_time_seconds",
                "Start of the process since 1970",
                () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
        gauge(metrics, "process_resident_memory_bytes", "Resident memory", ProcessMetrics::residentBytes);
        gauge(metrics, "process_open_fds", "Open file descriptors", ProcessMetrics::openDescriptors);
        gauge(
                metrics,
                "jvm_threads_current",
                "Platform threads",
                () -> ManagementFactory.getThreadMXBean().getThreadCount());
        metrics.register(
                "process_cpu_seconds",
                CounterWithCallback.builder()
                        .name("process_cpu_seconds")
                        .help("User and system CPU time")
                        .callback(c -> c.call(ProcessHandle.current()
                                .info()
                                .totalCpuDuration()
                                .map(d -> d.toNanos() / 1e9)
                                .orElse(Double.NaN)))
                        .build());
        metrics.register(
                "jvm_memory_used_bytes",
                GaugeWithCallback.builder()
                        .name("jvm_memory_used_bytes")
                        .help("Memory in use, by area")
                        .labelNames("area")
                        .callback(c -> {
                            MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
                            c.call((double) memory.getHeapMemoryUsage().getUsed(), "heap");
                            c.call((double) memory.getNonHeapMemoryUsage().getUsed(), "nonheap");
                        })
                        .build());
        metrics.register(
                "jvm_gc_collection_seconds",
                CounterWithCallback.builder()
                        .name("jvm_gc_collection_seconds")
                        .help("Time spent in collections, by collector")
                        .labelNames("gc")
                        .callback(c -> {
                            for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
                                c.call(gc.getCollectionTime() / 1e3, gc.getName());
                            }
                        })
                        .build());
    }

    private static void gauge(Metrics metrics, String name, String help, DoubleSupplier value) {
        metrics.register(
                name,
                GaugeWithCallback.builder()
                        .name(name)
                        .help(help)
                        .callback(c -> c.call(value.getAsDouble()))
                        .build());
    }

    private static double residentBytes() {
        try {
            return Double.parseDouble(Files.readString(STATM).split(" ")[1]) * PAGE_BYTES;
        } catch (IOException e) {
            return Double.NaN; // no Linux
        }
    }

    private static double openDescriptors() {
        String[] names = DESCRIPTORS.toFile().list();
        return names == null ? Double.NaN : names.length;
    }
}
