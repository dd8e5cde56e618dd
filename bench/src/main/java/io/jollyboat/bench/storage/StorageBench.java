package io.jollyboat.bench.storage;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.cache.CacheEvent;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.jollyboat.apiserver.cache.ObjectStorage;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.Preconditions;
import io.jollyboat.apiserver.cache.WatchScope;
import io.jollyboat.apiserver.storage.EtcdConfig;
import io.jollyboat.apiserver.storage.EtcdStore;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * {@code StorageBench ENDPOINT [OPERATIONS] [IN_FLIGHT]}: creates, reads, updates, deletes objects of 1 KB and prints one
 * line of JSON per kind of call. Each kind runs once to warm up.
 */
public final class StorageBench {
    private static final Runtime RUNTIME = SystemRuntime.instance();
    private static final String FILL = "x".repeat(900);

    private final EtcdStore store;
    private final ObjectStorage maps;
    private final int operations;
    private final int inFlight;

    private StorageBench(EtcdStore store, ObjectStorage maps, int operations, int inFlight) {
        this.store = store;
        this.maps = maps;
        this.operations = operations;
        this.inFlight = inFlight;
    }

    public static void main(String[] args) throws InterruptedException {
        int operations = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
        int inFlight = args.length > 2 ? Integer.parseInt(args[2]) : 64;
        try (EtcdStore store = EtcdStore.open(EtcdConfig.of(List.of(args[0]), null), RUNTIME);
                ObjectStorages storages = new ObjectStorages(store, RUNTIME)) {
            ObjectStorage maps = storages.of(Kinds.of(ConfigMap.class));
            storages.start();
            maps.cache().awaitRevision(1, Duration.ofSeconds(20)).join();
            StorageBench bench = new StorageBench(store, maps, operations, inFlight);
            bench.all("warm", false);
            bench.all("run", true);
        }
    }

    private void all(String namespace, boolean print) throws InterruptedException {
        measure(
                "put on etcd alone",
                print,
                i -> store.put(
                                ByteString.copyFromUtf8("/bench/" + namespace + "/" + i),
                                ByteString.copyFromUtf8(FILL),
                                0,
                                0)
                        .join());
        AtomicInteger seen = new AtomicInteger();
        CacheWatch watch = maps.cache().watchFromNow(WatchScope.all(), false);
        Thread reader = RUNTIME.start("watch", () -> count(watch, seen));
        measure("create", print, i -> maps.create(namespace + "/" + i, object(namespace, i, "a"), 0));
        measure("get, linearizable", print, i -> maps.get(namespace + "/" + i));
        measure("get, from the cache", print, i -> maps.cache().get(namespace + "/" + i));
        measure(
                "update",
                print,
                i -> maps.update(namespace + "/" + i, Preconditions.NONE, false, 0, old -> object(namespace, i, "b")));
        measure("delete", print, i -> maps.delete(namespace + "/" + i, Preconditions.NONE, old -> {}));
        maps.cache().awaitCurrent().join();
        while (seen.get() < 3 * operations) {
            RUNTIME.sleep(Duration.ofMillis(10));
        }
        watch.close();
        reader.join();
    }

    /** As a watcher does: every event's bytes are asked for. */
    private static void count(CacheWatch watch, AtomicInteger seen) {
        try {
            for (List<CacheEvent> events = watch.take(); !events.isEmpty(); events = watch.take()) {
                events.forEach(event -> event.entry().json());
                seen.addAndGet(events.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ConfigMap object(String namespace, int i, String value) {
        return ConfigMap.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace(namespace)
                        .setName(Integer.toString(i))
                        .setUid("3c1c1e7e-0000-4000-8000-00000000" + i)
                        .putLabels("app", "bench"))
                .putData("v", value)
                .putData("fill", FILL)
                .build();
    }

    private void measure(String what, boolean print, IntConsumer call) throws InterruptedException {
        Histogram micros = new ConcurrentHistogram(3);
        AtomicInteger next = new AtomicInteger();
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = system.getProcessCpuTime();
        long started = RUNTIME.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < inFlight; t++) {
            threads.add(RUNTIME.start("caller", () -> {
                for (int i = next.getAndIncrement(); i < operations; i = next.getAndIncrement()) {
                    long begun = RUNTIME.nanoTime();
                    call.accept(i);
                    micros.recordValue((RUNTIME.nanoTime() - begun) / 1_000);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long nanos = RUNTIME.nanoTime() - started;
        if (print) {
            System.out.printf(
                    Locale.ROOT,
                    "{\"what\":\"%s\",\"inFlight\":%d,\"perSecond\":%.0f,\"cpuMicrosPerOp\":%.1f,\"p50Micros\":%d,"
                            + "\"p99Micros\":%d,\"operations\":%d}%n",
                    what,
                    inFlight,
                    micros.getTotalCount() * 1e9 / nanos,
                    (system.getProcessCpuTime() - cpu) / 1e3 / operations,
                    micros.getValueAtPercentile(50),
                    micros.getValueAtPercentile(99),
                    micros.getTotalCount());
        }
    }
}
