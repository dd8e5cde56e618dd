package io.jollyboat.bench;

import io.jollyboat.bench.load.LoadClient;
import io.jollyboat.bench.measure.Bench;
import io.jollyboat.bench.measure.IdleCost;
import io.jollyboat.bench.measure.ObjectOperations;
import io.jollyboat.bench.measure.PodLifecycle;
import io.jollyboat.bench.measure.PodLists;
import io.jollyboat.bench.measure.PodScheduling;
import io.jollyboat.bench.measure.Processes;
import io.jollyboat.bench.measure.RuntimePods;
import io.jollyboat.bench.measure.ServerStart;
import io.jollyboat.bench.measure.ServiceLatency;
import io.jollyboat.bench.measure.WatchFanOut;
import io.jollyboat.bench.report.Report;
import io.jollyboat.bench.target.KubeconfigTarget;
import io.jollyboat.bench.target.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures a Kubernetes API server and the cluster behind it.",
        sortOptions = false)
public final class BenchMain implements Callable<Integer> {
    /** What can be measured, in the order it is done. */
    public enum Measurement {
        /** What the processes cost while nothing happens. */
        IDLE,
        OBJECTS,
        LISTS,
        WATCHES,
        /** Restarts the API server's process. */
        START,
        SCHEDULING,
        /** Needs a real node that has the image. */
        PODS,
        /** Needs a real node, and a route to Services. */
        SERVICES
    }

    @Parameters(
            arity = "0..*",
            description = "What to measure: ${COMPLETION-CANDIDATES}. Default: objects, lists, watches.")
    private Set<Measurement> measurements = new LinkedHashSet<>();

    @Option(names = "--kubeconfig", description = "Default: $KUBECONFIG, else ~/.kube/config.")
    private Path kubeconfig;

    @Option(names = "--context", defaultValue = "", description = "The kubeconfig's context; default: its current one.")
    private String context;

    @Option(names = "--server", defaultValue = "", description = "The server's URL in place of the kubeconfig's.")
    private String server;

    @Option(
            names = "--process",
            description = "NAME=PID[,PID] or NAME=TEXT (in the command line): also report what it uses. Repeatable.")
    private List<String> processes = List.of();

    @Option(names = "--json", description = "Append figures as JSON lines to this file, and print a table only.")
    private Path json;

    @Option(
            names = "--runs",
            defaultValue = "3",
            description = "Runs for each figure, which is their median (${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--seconds", defaultValue = "3", description = "How long a run is (${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--namespace", description = "Made and removed; default: a new one.")
    private String namespace = "jollyboat-bench-" + Long.toString(System.currentTimeMillis(), 36);

    @Option(names = "--pods", defaultValue = "10000", description = "For lists and start (${DEFAULT-VALUE}).")
    private int pods;

    @Option(names = "--nodes", defaultValue = "1000", description = "For scheduling (${DEFAULT-VALUE}).")
    private int nodes;

    @Option(names = "--scheduled-pods", defaultValue = "2000", description = "For scheduling (${DEFAULT-VALUE}).")
    private int scheduledPods;

    @Option(names = "--idle-seconds", defaultValue = "60", description = "For idle (${DEFAULT-VALUE}).")
    private int idleSeconds;

    @Option(
            names = "--image",
            defaultValue = "docker.io/jollyboat/web:1",
            description = "For pods and services: answers on port 8080, ends on SIGTERM (${DEFAULT-VALUE}).")
    private String image;

    @Option(
            names = "--runtime-socket",
            description =
                    "For pods: the CRI socket of the (only) node's runtime. Also starts pods by the runtime alone, in"
                            + " turns with the cluster's, and reports the ratio.")
    private Path runtimeSocket;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println("bench: " + (e.getMessage() == null ? e : e.getMessage()));
                    return 1;
                });
    }

    @Override
    public Integer call() throws IOException {
        Target target = KubeconfigTarget.read(kubeconfigFile(), context, server);
        Report report = new Report(Optional.ofNullable(json), System.out);
        Set<Measurement> wanted = measurements.isEmpty()
                ? Set.of(Measurement.OBJECTS, Measurement.LISTS, Measurement.WATCHES)
                : measurements;
        try (LoadClient client = new LoadClient(target)) {
            Bench bench = new Bench(client, Processes.of(processes), report, namespace, runs, seconds, image);
            try {
                for (Measurement measurement : Measurement.values()) {
                    if (wanted.contains(measurement)) {
                        System.err.println("measuring " + measurement.name().toLowerCase(Locale.ROOT));
                        measure(measurement, bench);
                    }
                }
            } catch (IOException | RuntimeException e) {
                cleanUpAfter(e, bench);
                throw e;
            }
            bench.removeNamespace();
        }
        if (json == null) {
            report.printTable();
        }
        return 0;
    }

    private static void cleanUpAfter(Exception failure, Bench bench) {
        try {
            bench.removeNamespace();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void measure(Measurement measurement, Bench bench) throws IOException {
        switch (measurement) {
            case IDLE -> new IdleCost(bench, idleSeconds).run();
            case OBJECTS -> new ObjectOperations(bench).run();
            case LISTS -> new PodLists(bench, pods).run();
            case WATCHES -> new WatchFanOut(bench).run();
            case START -> new ServerStart(bench, pods).run();
            case SCHEDULING -> new PodScheduling(bench, nodes, scheduledPods).run();
            case PODS -> measurePods(bench);
            case SERVICES -> new ServiceLatency(bench).run();
        }
    }

    private void measurePods(Bench bench) throws IOException {
        if (runtimeSocket == null) {
            new PodLifecycle(bench, Optional.empty()).run();
            return;
        }
        try (RuntimePods runtime = new RuntimePods(runtimeSocket, image)) {
            new PodLifecycle(bench, Optional.of(runtime)).run();
        }
    }

    private Path kubeconfigFile() {
        if (kubeconfig != null) {
            return kubeconfig;
        }
        String variable = System.getenv("KUBECONFIG");
        return variable != null && !variable.isEmpty()
                ? Path.of(variable.split(":")[0])
                : Path.of(System.getProperty("user.home"), ".kube", "config");
    }
}
