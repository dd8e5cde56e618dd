package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of a local cluster: a bridge in a namespace of its own, a namespace per worker host, and one link with
 * routes for the hosts', pods' and Services' ranges in the machine's own namespace. Nothing else of the machine's
 * network is touched. Names stay the same over the cluster's life, so building twice is harmless.
 */
final class Fabric {
    private final ClusterSpec spec;

    Fabric(ClusterSpec spec) {
        this.spec = spec;
    }

    private String bridgeNamespace() {
        return spec.name() + "-fabric";
    }

    static boolean namespaceExists(String name) {
        return Files.exists(Path.of("/run/netns", name));
    }

    void up() {
        refuseForeignRanges();
        if (!namespaceExists(bridgeNamespace())) {
            Shell.must("ip", "netns", "add", bridgeNamespace());
            Shell.mustWithInput("""
                    link add fabric type bridge
                    link set fabric up
                    link set lo up
                    """, "ip", "-n", bridgeNamespace(), "-batch", "-");
        }
        for (LocalNode node : spec.localNodes()) {
            if (!namespaceExists(node.namespace())) {
                addHost(node);
            }
        }
        if (Shell.run("ip", "link", "show", spec.linkName()).code() != 0) {
            addMachineLink();
        }
    }

    private void addHost(LocalNode node) {
        Shell.must("ip", "netns", "add", node.namespace());
        Shell.mustWithInput(
                "link add eth0 type veth peer name h%d netns %s\n".formatted(node.index(), bridgeNamespace())
                        + "link set lo up\naddress add %s/24 dev eth0\nlink set eth0 up\n".formatted(node.ip()),
                "ip",
                "-n",
                node.namespace(),
                "-batch",
                "-");
        Shell.mustWithInput(
                "link set h%1$d master fabric\nlink set h%1$d up\n".formatted(node.index()),
                "ip",
                "-n",
                bridgeNamespace(),
                "-batch",
                "-");
        Shell.must(
                "nsenter",
                "--net=/run/netns/" + node.namespace(),
                "sh",
                "-c",
                "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter");
    }

    /** The first host routes on to the others, and its kube-proxy answers for the Services. */
    private void addMachineLink() {
        String first = spec.localNodes().getFirst().ip();
        Shell.mustWithInput(
                "link add %s type veth peer name machine netns %s\n".formatted(spec.linkName(), bridgeNamespace())
                        + "address add %s/24 dev %s\n".formatted(spec.hostIp(), spec.linkName())
                        + "link set %s up\n".formatted(spec.linkName())
                        + "route add %s via %s\n".formatted(spec.podCidr(), first)
                        + "route add %s via %s\n".formatted(spec.serviceCidr(), first),
                "ip",
                "-batch",
                "-");
        Shell.mustWithInput(
                "link set machine master fabric\nlink set machine up\n", "ip", "-n", bridgeNamespace(), "-batch", "-");
    }

    /** A range that something else on this machine routes already would be taken from it. */
    private void refuseForeignRanges() {
        List<String> routes = Shell.must("ip", "-4", "route", "show").lines().toList();
        for (String range : List.of(spec.network() + ".0/24", spec.podCidr(), spec.serviceCidr())) {
            String owner = routes.stream()
                    .filter(route -> route.startsWith(range + " ") && !route.contains(" dev " + spec.linkName()))
                    .findFirst()
                    .orElse(null);
            if (owner != null) {
                throw new CliException("the range " + range + " is in use on this machine (" + owner.strip()
                        + "): choose others with --node-network, --pod-cidr, --service-cidr");
            }
        }
    }

    /** Takes everything away; what is gone already is no error. Rules and addresses go with the namespaces. */
    void down() {
        List<String> namespaces = new ArrayList<>(
                spec.localNodes().stream().map(LocalNode::namespace).toList());
        namespaces.add(bridgeNamespace());
        Shell.run("ip", "link", "delete", spec.linkName());
        for (String namespace : namespaces) {
            if (namespaceExists(namespace)) {
                Shell.must("ip", "netns", "delete", namespace);
            }
        }
    }
}
