package io.jollyboat.cli;

import io.jollyboat.tls.TlsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The {@code jolly} command. */
@Command(
        name = "jolly",
        description = "A small, fast Kubernetes: a local cluster's life.",
        subcommands = {
            JollyMain.Up.class,
            JollyMain.Status.class,
            JollyMain.Logs.class,
            JollyMain.Load.class,
            JollyMain.Stop.class,
            JollyMain.Down.class,
            CommandLine.HelpCommand.class
        },
        footer = {"", "  kubectl ARGUMENT ...   kubectl with the cluster's own kubeconfig"})
public final class JollyMain {
    private JollyMain() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new JollyMain());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof CliException || failure instanceof TlsException) {
                System.err.println("jolly: " + failure.getMessage());
            } else if (failure instanceof IOException || failure instanceof UncheckedIOException) {
                System.err.println("jolly: " + failure);
            } else {
                failure.printStackTrace(System.err);
            }
            return 1;
        });
        line.setParameterExceptionHandler((failure, rest) -> {
            System.err.println("jolly: " + failure.getMessage() + suggestion(failure) + " (./jolly help"
                    + (failure.getCommandLine().getParent() == null
                            ? ""
                            : " " + failure.getCommandLine().getCommandName())
                    + ")");
            return 1;
        });
        System.exit(arguments.length == 0 ? line.execute("help") : line.execute(arguments));
    }

    private static String suggestion(CommandLine.ParameterException failure) {
        if (failure instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            return "; did you mean " + unmatched.getSuggestions().getFirst() + "?";
        }
        return "";
    }

    /** Options that all commands share. */
    abstract static class Cluster implements Callable<Integer> {
        @Option(names = "--name", description = "Name of the cluster (default: ${DEFAULT-VALUE}).")
        String name = System.getenv().getOrDefault("JOLLY_CLUSTER", "jollyboat");

        @Override
        public final Integer call() throws Exception {
            run();
            return 0;
        }

        abstract void run() throws Exception;
    }

    /** Starts the cluster. */
    @Command(name = "up", description = "Starts the cluster; on a running one, says so and changes nothing.")
    static final class Up extends Cluster {
        @Option(names = "--nodes", description = "Number of worker hosts (default: 1).")
        Integer nodes;

        @Option(names = "--embedded", description = "Control plane and simulated nodes in one JVM, without root.")
        boolean embedded;

        @Option(names = "--node-network", description = "First three octets of the hosts' network (default: 10.90.0).")
        String network;

        @Option(names = "--pod-cidr", description = "Range of pod addresses (default: 10.200.0.0/16).")
        String podCidr;

        @Option(names = "--service-cidr", description = "Range of ClusterIPs (default: 10.96.0.0/16).")
        String serviceCidr;

        @Option(names = "--api-port", description = "Port of the REST API (default: 6443).")
        Integer apiPort;

        @Option(names = "--grpc-port", description = "Port of the components' API (default: 6444).")
        Integer grpcPort;

        @Option(names = "--etcd-port", description = "Port of etcd; its peers' is the next (default: 2379).")
        Integer etcdPort;

        @Option(
                names = "--offline",
                description = "Gives worker hosts and pods no way out of this machine: no pulls, no outside names.")
        Boolean offline;

        @Override
        void run() throws Exception {
            UpOptions options =
                    new UpOptions(name, nodes, network, podCidr, serviceCidr, apiPort, grpcPort, etcdPort, offline);
            if (embedded) {
                EmbeddedCluster.up(options.spec());
            } else {
                UpCommand.up(options);
            }
        }
    }

    /** Shows what runs. */
    @Command(name = "status", description = "Shows the cluster's processes and nodes.")
    static final class Status extends Cluster {
        @Override
        void run() {
            StatusCommand.status(name);
        }
    }

    /** Shows a component's log. */
    @Command(name = "logs", description = "Prints a component's log, such as api-server or kubelet-node-1.")
    static final class Logs extends Cluster {
        @Parameters(paramLabel = "COMPONENT", arity = "0..1")
        String component;

        @Option(
                names = {"-f", "--follow"},
                description = "Goes on with what is written from now.")
        boolean follow;

        @Override
        void run() throws Exception {
            StatusCommand.logs(name, component, follow);
        }
    }

    /** Loads an image on every node. */
    @Command(
            name = "load",
            description = "Loads an image archive (docker save, or an OCI layout in a tar) on every node.")
    static final class Load extends Cluster {
        @Parameters(paramLabel = "IMAGE.tar", arity = "1..*")
        List<Path> archives;

        @Override
        void run() {
            StatusCommand.load(name, archives);
        }
    }

    /** Ends the cluster, keeps its data. */
    @Command(name = "stop", description = "Ends all processes and pods; keeps the data for the next up.")
    static final class Stop extends Cluster {
        @Override
        void run() {
            StopCommand.stop(name);
        }
    }

    /** Removes the cluster. */
    @Command(name = "down", description = "Ends and removes the cluster; nothing is left on this machine.")
    static final class Down extends Cluster {
        @Override
        void run() {
            StopCommand.down(name);
        }
    }
}
