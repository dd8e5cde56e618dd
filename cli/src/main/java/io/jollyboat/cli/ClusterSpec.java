package io.jollyboat.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a local cluster looks like; kept in its data folder from the first {@code up} to {@code down}.
 *
 * @param name also the prefix of its network namespaces and the kubeconfig context
 * @param nodes number of worker hosts, at least 1
 * @param network first three octets of the hosts' /24, such as {@code 10.90.0}; the machine itself is .1, hosts from .2
 * @param podCidr split by the node IPAM into a /24 per host
 * @param serviceCidr ClusterIPs; .1 is the API server's, .10 the DNS'
 * @param offline true leaves hosts and pods without a way out of the machine
 */
record ClusterSpec(
        String name,
        int nodes,
        String network,
        String podCidr,
        String serviceCidr,
        int apiPort,
        int grpcPort,
        int etcdPort,
        boolean offline) {
    private static final int NODE_PREFIX = 24;
    /** As upstream's limit: the allocator keeps a bit per address. */
    private static final int MIN_SERVICE_PREFIX = 12;
    /** Room for the API server's and the DNS' own address. */
    private static final int MAX_SERVICE_PREFIX = 28;

    static ClusterSpec defaults(String name, int nodes) {
        return new ClusterSpec(name, nodes, "10.90.0", "10.200.0.0/16", "10.96.0.0/16", 6443, 6444, 2379, false);
    }

    ClusterSpec {
        if (!name.matches("[a-z]([a-z0-9-]{0,18}[a-z0-9])?")) {
            throw new CliException("--name " + name + ": must be at most 20 lower-case letters, digits and dashes");
        }
        if (nodes < 1 || nodes > 100) {
            throw new CliException("--nodes " + nodes + ": must be 1 to 100");
        }
        Ipv4Range hosts = Ipv4Range.parse(network + ".0/24")
                .orElseThrow(() -> new CliException("--node-network " + network
                        + ": must be the first three octets of a network, such as 10.90.0"));
        Ipv4Range pods = range("--pod-cidr", podCidr);
        Ipv4Range services = range("--service-cidr", serviceCidr);
        if (pods.prefix() > NODE_PREFIX || 1L << (NODE_PREFIX - pods.prefix()) < nodes) {
            throw new CliException(
                    "--pod-cidr " + podCidr + ": too small for a /24 for each of the " + nodes + " nodes");
        }
        if (services.prefix() < MIN_SERVICE_PREFIX || services.prefix() > MAX_SERVICE_PREFIX) {
            throw new CliException("--service-cidr " + serviceCidr + ": the prefix must be /" + MIN_SERVICE_PREFIX
                    + " to /" + MAX_SERVICE_PREFIX);
        }
        refuseOverlap("--node-network", hosts, "--pod-cidr", pods);
        refuseOverlap("--node-network", hosts, "--service-cidr", services);
        refuseOverlap("--pod-cidr", pods, "--service-cidr", services);
        refusePorts(Map.of("--api-port", apiPort, "--grpc-port", grpcPort, "--etcd-port", etcdPort));
        if (apiPort == grpcPort || onEtcd(apiPort, etcdPort) || onEtcd(grpcPort, etcdPort)) {
            throw new CliException("--api-port " + apiPort + ", --grpc-port " + grpcPort + ", --etcd-port " + etcdPort
                    + ": must differ, and the one after etcd's is its peers'");
        }
    }

    private static Ipv4Range range(String option, String text) {
        Ipv4Range range = Ipv4Range.parse(text)
                .filter(parsed -> text.contains("/"))
                .orElseThrow(() -> new CliException(option + " " + text + ": must be a range such as 10.200.0.0/16"));
        if (!range.isAligned()) {
            long first = range.base() - range.base() % range.size();
            throw new CliException(option + " " + text + ": is no first address of a /" + range.prefix()
                    + "; did you mean " + new Ipv4Range(first, range.prefix()) + "?");
        }
        return range;
    }

    private static void refuseOverlap(String option, Ipv4Range range, String otherOption, Ipv4Range other) {
        if (range.overlaps(other)) {
            throw new CliException(option + " " + range + " and " + otherOption + " " + other + " overlap");
        }
    }

    private static void refusePorts(Map<String, Integer> ports) {
        ports.forEach((option, port) -> {
            if (port < 1 || port > 65534) {
                throw new CliException(option + " " + port + ": must be 1 to 65534");
            }
        });
    }

    private static boolean onEtcd(int port, int etcdPort) {
        return port == etcdPort || port == etcdPort + 1;
    }

    /** The machine's own address on the cluster's link, where hosts and pods reach the API server. */
    String hostIp() {
        return network + ".1";
    }

    /** The fabric's own address there: what is for the outside goes to it. */
    String gatewayIp() {
        return network + ".254";
    }

    /** The network namespace of the bridge between the hosts. */
    String fabricNamespace() {
        return name + "-fabric";
    }

    List<LocalNode> localNodes() {
        return IntStream.rangeClosed(1, nodes)
                .mapToObj(i -> new LocalNode(i, "node-" + i, network + "." + (i + 1), name + "-node-" + i))
                .toList();
    }

    String dnsIp() {
        return range("--service-cidr", serviceCidr).address(10);
    }

    String kubernetesIp() {
        return range("--service-cidr", serviceCidr).address(1);
    }

    /** The ranges that the machine routes to the cluster, by the option that chooses each. */
    Map<String, Ipv4Range> ranges() {
        return Map.of(
                "--node-network", range("--node-network", network + ".0/24"),
                "--pod-cidr", range("--pod-cidr", podCidr),
                "--service-cidr", range("--service-cidr", serviceCidr));
    }

    /** The name of the link in the machine's own network namespace; at most 15 characters, the kernel's limit. */
    String linkName() {
        return name.equals("jollyboat") ? "jolly0" : "j" + Integer.toHexString(name.hashCode()) + "0";
    }

    /**
     * @param index from 1
     * @param namespace its network namespace
     */
    record LocalNode(int index, String name, String ip, String namespace) {}
}
