package io.jollyboat.cli;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a local cluster looks like; kept in its data folder from the first {@code up} to {@code down}.
 *
 * @param name also the prefix of its network namespaces and the kubeconfig context
 * @param nodes number of worker hosts, at least 1
 * @param network first three octets of the hosts' /24, such as {@code 10.90.0}; the machine itself is .1, hosts from .2
 * @param podCidr split by the node IPAM into a /24 per host
 * @param serviceCidr ClusterIPs; .1 is the API server's, .10 the DNS'
 */
record ClusterSpec(
        String name,
        int nodes,
        String network,
        String podCidr,
        String serviceCidr,
        int apiPort,
        int grpcPort,
        int etcdPort) {

    static ClusterSpec defaults(String name, int nodes) {
        return new ClusterSpec(name, nodes, "10.90.0", "10.200.0.0/16", "10.96.0.0/16", 6443, 6444, 2379);
    }

    ClusterSpec {
        if (!name.matches("[a-z]([a-z0-9-]{0,18}[a-z0-9])?")) {
            throw new CliException("--name " + name + ": must be at most 20 lower-case letters, digits and dashes");
        }
        if (nodes < 1 || nodes > 100) {
            throw new CliException("--nodes " + nodes + ": must be 1 to 100");
        }
    }

    /** The machine's own address on the cluster's link, where hosts and pods reach the API server. */
    String hostIp() {
        return network + ".1";
    }

    List<LocalNode> localNodes() {
        return IntStream.rangeClosed(1, nodes)
                .mapToObj(i -> new LocalNode(i, "node-" + i, network + "." + (i + 1), name + "-node-" + i))
                .toList();
    }

    String dnsIp() {
        return servicePrefix() + ".10";
    }

    String kubernetesIp() {
        return servicePrefix() + ".1";
    }

    /** The name of the link in the machine's own network namespace; at most 15 characters, the kernel's limit. */
    String linkName() {
        return name.equals("jollyboat") ? "jolly0" : "j" + Integer.toHexString(name.hashCode()) + "0";
    }

    private String servicePrefix() {
        String address = serviceCidr.substring(0, serviceCidr.indexOf('/'));
        return address.substring(0, address.lastIndexOf('.'));
    }

    /**
     * @param index from 1
     * @param namespace its network namespace
     */
    record LocalNode(int index, String name, String ip, String namespace) {}
}
