package io.jollyboat.bench.measure;

import io.jollyboat.bench.report.Figure;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * From the start of an API server's process to its readiness, and to its first whole list of pods, with many pods stored.
 * Ends the process and starts it again as it was started: with its command line, environment and folder. Nobody else may
 * restart it.
 */
public final class ServerStart {
    private static final String SERVER = "api-server";
    private static final long POLL_NANOS = 5_000_000L;
    private static final long GIVE_UP_NANOS = 120_000_000_000L;

    private final Bench bench;
    private final int pods;

    /** @param pods stored meanwhile */
    public ServerStart(Bench bench, int pods) {
        this.bench = bench;
        this.pods = pods;
    }

    public void run() throws IOException {
        List<Long> pids = bench.processes().pids(SERVER);
        if (pids.size() != 1) {
            throw new IllegalStateException("start: say which process is the server with --process api-server=PID");
        }
        bench.createNamespace();
        bench.client()
                .run(64, pods, 600, n -> bench.requests().post(bench.path("pods"), SamplePods.waiting("stored-" + n)))
                .orFail("creating pods");
        List<Double> times = new ArrayList<>();
        List<Map<String, Double>> extras = new ArrayList<>();
        ProcessHandle server = ProcessHandle.of(pids.getFirst())
                .orElseThrow(() -> new IllegalStateException("there is no process " + pids.getFirst()));
        for (int run = 0; run < bench.runs(); run++) {
            ProcessBuilder again = sameAs(server.pid());
            end(server);
            Map<String, Double> extra = new LinkedHashMap<>();
            long began = System.nanoTime();
            server = again.start().toHandle();
            times.add(untilAnswered(server, began, "/readyz"));
            extra.put("listMillis", untilAnswered(server, began, bench.path("pods")));
            extra.put("cpuMillis." + SERVER, Processes.cpuSeconds(server.pid()) * 1e3);
            extras.add(extra);
        }
        bench.processes().replace(SERVER, server.pid());
        bench.report().add(new Figure("start to ready", Map.of("pods", pods), "ms", times, Figure.medians(extras)));
        bench.clear("pods");
    }

    private static ProcessBuilder sameAs(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        ProcessBuilder builder = new ProcessBuilder(strings(process.resolve("cmdline")))
                .directory(process.resolve("cwd").toRealPath().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        for (String variable : strings(process.resolve("environ"))) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return builder;
    }

    private static List<String> strings(Path file) throws IOException {
        return List.of(Files.readString(file, StandardCharsets.UTF_8).split("\0"));
    }

    private static void end(ProcessHandle server) throws IOException {
        server.destroy();
        try {
            server.onExit().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the server does not end: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private double untilAnswered(ProcessHandle server, long began, String path) throws IOException {
        byte[] request = bench.requests().get(path);
        while (true) {
            try {
                if (bench.client().call(request).status() == 200) {
                    return (System.nanoTime() - began) / 1e6;
                }
            } catch (IOException notYet) {
                if (!server.isAlive()) {
                    throw new IOException("the server did not start again", notYet);
                }
            }
            if (System.nanoTime() - began > GIVE_UP_NANOS) {
                throw new IOException("the server did not become ready");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
