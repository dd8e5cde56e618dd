package io.jollyboat.apiserver.audit;

import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** One line for each event. A full file is set aside under its name and the time, as upstream's. */
final class LogFileSink implements AuditSink {
    private static final Log LOG = Log.of(LogFileSink.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);

    private final AuditConfig.LogFile config;
    private final long maxBytes;
    private final CounterDataPoint lost;
    private final Runtime runtime;
    private OutputStream out;
    private long size;
    private boolean failing;

    LogFileSink(AuditConfig.LogFile config, CounterDataPoint lost, Runtime runtime) {
        this(config, config.maxSizeMegabytes() * 1024L * 1024, lost, runtime);
    }

    LogFileSink(AuditConfig.LogFile config, long maxBytes, CounterDataPoint lost, Runtime runtime) {
        this.lost = lost;
        this.config = config;
        this.maxBytes = maxBytes;
        this.runtime = runtime;
        try {
            open();
        } catch (IOException e) {
            throw new UncheckedIOException("audit.log.path: " + config.path() + " cannot be written: " + e, e);
        }
    }

    private void open() throws IOException {
        Path path = config.path();
        if (!Files.exists(path)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        size = Files.size(path);
        out = Files.newOutputStream(path, StandardOpenOption.APPEND);
    }

    @Override
    public synchronized void write(ObjectNode event) {
        byte[] line = (event + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (size > 0 && size + line.length > maxBytes) {
                rotate();
            }
            out.write(line);
            size += line.length;
            failing = false;
        } catch (IOException e) {
            lost.inc();
            if (!failing) {
                LOG.error("audit events are lost", "file", config.path(), "reason", e.toString());
            }
            failing = true;
        }
    }

    private void rotate() throws IOException {
        out.close();
        Path aside = aside(runtime.now());
        for (int i = 1; Files.exists(aside); i++) {
            aside = aside(runtime.now().plusMillis(i));
        }
        Files.move(config.path(), aside);
        open();
        removeOld();
    }

    private Path aside(Instant time) {
        return config.path().resolveSibling(stem() + STAMP.format(time) + extension());
    }

    private String name() {
        return config.path().getFileName().toString();
    }

    private String extension() {
        int dot = name().lastIndexOf('.');
        return dot < 0 ? "" : name().substring(dot);
    }

    private String stem() {
        return name().substring(0, name().length() - extension().length()) + "-";
    }

    private void removeOld() throws IOException {
        Path folder = config.path().toAbsolutePath().getParent();
        List<Path> aside;
        try (Stream<Path> files = Files.list(folder)) {
            aside = files.filter(file -> isAside(file.getFileName().toString()))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        Instant oldest = runtime.now().minus(Duration.ofDays(config.maxAgeDays()));
        for (int i = 0; i < aside.size(); i++) {
            boolean tooMany = config.maxBackups() > 0 && i >= config.maxBackups();
            boolean tooOld = config.maxAgeDays() > 0
                    && Files.getLastModifiedTime(aside.get(i)).toInstant().isBefore(oldest);
            if (tooMany || tooOld) {
                Files.deleteIfExists(aside.get(i));
            }
        }
    }

    private boolean isAside(String file) {
        return file.startsWith(stem()) && file.endsWith(extension()) && !file.equals(name());
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            LOG.warn("the audit log does not close", "file", config.path(), "reason", e.toString());
        }
    }
}
