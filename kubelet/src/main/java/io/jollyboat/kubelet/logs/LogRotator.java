package io.jollyboat.kubelet.logs;

import io.jollyboat.cri.v1.Container;
import io.jollyboat.cri.v1.ContainerState;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Keeps running containers' logs small: a full file is renamed, older ones are compressed, the oldest deleted. */
public final class LogRotator implements AutoCloseable {
    private static final Log LOG = Log.of(LogRotator.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final ContainerRuntime cri;
    private final long maxBytes;
    private final int maxFiles;
    private final Runtime runtime;
    private final Map<String, Path> logs = new ConcurrentHashMap<>();
    private Thread thread;

    /** @param maxFiles the current one included */
    public LogRotator(ContainerRuntime cri, long maxBytes, int maxFiles, Runtime runtime) {
        this.cri = cri;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
        this.runtime = runtime;
    }

    public void start() {
        thread = runtime.start("log rotation", this::run);
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                runtime.sleep(PERIOD);
                rotateAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at every running container once. */
    void rotateAll() {
        try {
            List<String> running = cri.listContainers(Map.of()).stream()
                    .filter(c -> c.getState() == ContainerState.CONTAINER_RUNNING)
                    .map(Container::getId)
                    .toList();
            logs.keySet().retainAll(running);
            running.forEach(this::rotate);
        } catch (CriException e) {
            LOG.debug("cannot list containers to rotate their logs", "error", e.rpcText());
        }
    }

    private void rotate(String id) {
        try {
            Path file =
                    logs.computeIfAbsent(id, i -> Path.of(cri.containerStatus(i).getLogPath()));
            if (!file.isAbsolute() || !Files.exists(file) || Files.size(file) < maxBytes) {
                return;
            }
            prune(file);
            Path old = file.resolveSibling(file.getFileName() + "." + STAMP.format(runtime.now()));
            Files.move(file, old);
            try {
                cri.reopenContainerLog(id);
            } catch (CriException e) {
                // Better one large file than a lost one.
                Files.move(old, file);
                throw e;
            }
        } catch (CriException e) {
            LOG.warn("cannot rotate a container's log", "container", id, "error", e.rpcText());
        } catch (IOException e) {
            LOG.warn("cannot rotate a container's log", "container", id, "error", e.toString());
        }
    }

    /** Leaves room for one more beside the current file. */
    private void prune(Path file) throws IOException {
        List<Path> rotated;
        try (Stream<Path> siblings = Files.list(file.getParent())) {
            rotated = siblings.filter(p -> p.getFileName().toString().startsWith(file.getFileName() + "."))
                    .sorted()
                    .toList();
        }
        int surplus = Math.max(0, rotated.size() - (maxFiles - 2));
        for (Path path : rotated.subList(0, Math.min(surplus, rotated.size()))) {
            Files.delete(path);
        }
        for (Path path : rotated.subList(Math.min(surplus, rotated.size()), rotated.size())) {
            if (!path.toString().endsWith(".gz")) {
                compress(path);
            }
        }
    }

    private static void compress(Path path) throws IOException {
        Path part = path.resolveSibling(path.getFileName() + ".tmp");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(part))) {
            Files.copy(path, out);
        }
        Files.move(part, path.resolveSibling(path.getFileName() + ".gz"));
        Files.delete(path);
    }
}
