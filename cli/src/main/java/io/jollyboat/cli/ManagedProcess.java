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
    private final ClusterPaths paths;
    private final String name;

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
            Files.deleteIfExists(paths.pidFile(name));
            List<String> full = new ArrayList<>(List.of(
                    "setsid",
                    "--fork",
                    paths.root().resolve("deploy/run-forever").toString(),
                    paths.pidFile(name).toString(),
                    paths.log(name).toString()));
            full.addAll(command);
            ProcessBuilder builder = new ProcessBuilder(full)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(paths.log(name).toFile()))
                    .redirectErrorStream(true)
                    .directory(paths.data().toFile());
            builder.environment().putAll(environment);
            builder.start().waitFor();
        } catch (IOException e) {
            throw new CliException("cannot start " + name + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    /** The supervisor's handle, when it lives and is ours. */
    Optional<ProcessHandle> supervisor() {
        return pid(0).filter(this::isOurs);
    }

    /** The process itself, when it lives. */
    Optional<ProcessHandle> process() {
        return supervisor().isEmpty() ? Optional.empty() : pid(1);
    }

    private Optional<ProcessHandle> pid(int line) {
        try {
            List<String> lines = Files.readAllLines(paths.pidFile(name));
            return lines.size() <= line
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(lines.get(line).strip())).filter(ProcessHandle::isAlive);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
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
        Optional<ProcessHandle> child = pid(1);
        if (!Wait.until(timeoutMillis, () -> supervisor().isEmpty())) {
            child.ifPresent(ProcessHandle::destroyForcibly);
            Wait.until(2000, () -> supervisor().isEmpty());
        }
    }
}
