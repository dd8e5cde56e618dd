package io.jollyboat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One process of the cluster under {@code deploy/run-forever}, known by its pid file. */
final class ManagedProcess {
    private static final long STRAY_MILLIS = 3000;

    private final ClusterPaths paths;
    private final String name;
    /** Where the log of this start begins. */
    private long logStart;

    ManagedProcess(ClusterPaths paths, String name) {
        this.paths = paths;
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Starts it under a supervisor in a session of its own; no effect when it runs already. */
    void start(List<String> command, Map<String, String> environment) {
        if (supervisor().isPresent()) {
            return;
        }
        try {
            Files.createDirectories(paths.logs());
            Files.createDirectories(paths.run());
            if (Files.deleteIfExists(paths.pidFile(name))) {
                endStrays();
            }
            Path log = paths.log(name);
            logStart = Files.exists(log) ? Files.size(log) : 0;
            List<String> full = new ArrayList<>(List.of(
                    "setsid",
                    "--fork",
                    paths.root().resolve("deploy/run-forever").toString(),
                    paths.pidFile(name).toString(),
                    log.toString()));
            full.addAll(command);
            ProcessBuilder builder = new ProcessBuilder(full)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectErrorStream(true)
                    .directory(paths.data().toFile());
            builder.environment().putAll(environment);
            builder.environment().put(Marks.VARIABLE, paths.pidFile(name).toString());
            if (builder.start().waitFor() != 0) {
                throw new CliException("cannot start " + name + ": see " + log);
            }
        } catch (IOException e) {
            throw CliException.of("cannot start " + name + ":", paths.pidFile(name), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    /** A process that lost its supervisor would hold the port, or the data, of the one that is started now. */
    private void endStrays() {
        Marks.of(paths.pidFile(name)).forEach(ProcessHandle::destroy);
        Wait.until(STRAY_MILLIS, () -> Marks.of(paths.pidFile(name)).isEmpty());
        Marks.of(paths.pidFile(name)).forEach(ProcessHandle::destroyForcibly);
    }

    /** The supervisor's handle, when it lives and is ours. */
    Optional<ProcessHandle> supervisor() {
        return pid(0).filter(this::isOurs);
    }

    /** The process itself, when it lives. */
    Optional<ProcessHandle> process() {
        return supervisor().isEmpty() ? Optional.empty() : pid(1).filter(h -> Marks.has(h, paths.pidFile(name)));
    }

    /**
     * Why it does not come up: it ended at once several times, or its supervisor gave up on it. Empty while there is hope.
     */
    Optional<String> failure() {
        List<String> lines = pidFileLines();
        boolean failed = !lines.isEmpty() && lines.getFirst().startsWith("gave up");
        if (!failed && lines.size() > 2) {
            failed = number(lines.get(2)).filter(deaths -> deaths >= 3).isPresent();
        }
        return failed ? Optional.of(new LogTail(paths.log(name), logStart).describe(name)) : Optional.empty();
    }

    private Optional<ProcessHandle> pid(int line) {
        List<String> lines = pidFileLines();
        return lines.size() <= line
                ? Optional.empty()
                : number(lines.get(line)).flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
    }

    private List<String> pidFileLines() {
        try {
            return Files.readAllLines(paths.pidFile(name));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<Long> number(String text) {
        return text.strip().matches("\\d{1,18}") ? Optional.of(Long.parseLong(text.strip())) : Optional.empty();
    }

    /** Pids are given again: only a process that names our pid file is our supervisor. */
    private boolean isOurs(ProcessHandle handle) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(handle.pid()), "cmdline"))
                    .contains(paths.pidFile(name).toString());
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks the supervisor to end the process; returns at once. */
    void requestStop() {
        supervisor().ifPresent(ProcessHandle::destroy);
    }

    /** Waits for the end, then insists. */
    void awaitStop(long timeoutMillis) {
        Optional<ProcessHandle> child = process();
        if (!Wait.until(timeoutMillis, () -> supervisor().isEmpty())) {
            child.ifPresent(ProcessHandle::destroyForcibly);
            Wait.until(2000, () -> supervisor().isEmpty());
        }
    }
}
