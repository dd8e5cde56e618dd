package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import java.io.IOException;
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

    static boolean namespaceExists(String name) {
        return Files.exists(Path.of("/run/netns", name));
    }

    void up() {
        if (!namespaceExists(spec.fabricNamespace())) {
            Shell.must("ip", "netns", "add", spec.fabricNamespace());
            Shell.mustWithInput(
                    """
                    link add fabric type bridge
                    link set fabric up
                    link set lo up
                    """ + (spec.offline() ? "" : Egress.routes(spec)),
                    "ip",
                    "-n",
                    spec.fabricNamespace(),
                    "-batch",
                    "-");
            if (!spec.offline()) {
                openFabric();
            }
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

    /** Makes the fabric a router; its rules are for what passes, not for what the bridge carries. */
    private void openFabric() {
        Shell.mustWithInput(
                Egress.rules(spec),
                "nsenter",
                "--net=/run/netns/" + spec.fabricNamespace(),
                "sh",
                "-c",
                "cd /proc/sys/net; echo 1 >ipv4/ip_forward; "
                        + "[ ! -e bridge/bridge-nf-call-iptables ] || echo 0 >bridge/bridge-nf-call-iptables; nft -f -");
    }

    private void addHost(LocalNode node) {
        Shell.must("ip", "netns", "add", node.namespace());
        Shell.mustWithInput(
                "link add eth0 type veth peer name h%d netns %s\n".formatted(node.index(), spec.fabricNamespace())
                        + "link set lo up\naddress add %s/24 dev eth0\nlink set eth0 up\n".formatted(node.ip())
                        + (spec.offline() ? "" : "route add default via " + spec.gatewayIp() + "\n"),
                "ip",
                "-n",
                node.namespace(),
                "-batch",
                "-");
        Shell.mustWithInput(
                "link set h%1$d master fabric\nlink set h%1$d up\n".formatted(node.index()),
                "ip",
                "-n",
                spec.fabricNamespace(),
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
                "link add %s type veth peer name machine netns %s\n".formatted(spec.linkName(), spec.fabricNamespace())
                        + "link set %s alias %s\n".formatted(spec.linkName(), alias())
                        + "address add %s/24 dev %s\n".formatted(spec.hostIp(), spec.linkName())
                        + "link set %s up\n".formatted(spec.linkName())
                        + "route add %s via %s\n".formatted(spec.podCidr(), first)
                        + "route add %s via %s\n".formatted(spec.serviceCidr(), first),
                "ip",
                "-batch",
                "-");
        Shell.mustWithInput(
                "link set machine master fabric\nlink set machine up\n",
                "ip",
                "-n",
                spec.fabricNamespace(),
                "-batch",
                "-");
    }

    private String alias() {
        return "jollyboat:" + spec.name();
    }

    /** Whether an interface of somebody else's has the name of ours. */
    boolean linkIsForeign() {
        Path link = Path.of("/sys/class/net", spec.linkName());
        try {
            return Files.exists(link)
                    && !namespaceExists(spec.fabricNamespace())
                    && !Files.readString(link.resolve("ifalias")).strip().equals(alias());
        } catch (IOException gone) {
            return false;
        }
    }

    /** Whether anything is there, be it a part only. */
    boolean anyExists() {
        return namespaceExists(spec.fabricNamespace())
                || spec.localNodes().stream().anyMatch(node -> namespaceExists(node.namespace()))
                || (Files.exists(Path.of("/sys/class/net", spec.linkName())) && !linkIsForeign());
    }

    /** Takes everything away; what is gone already is no error. Rules and addresses go with the namespaces. */
    void down() {
        List<String> namespaces = new ArrayList<>(
                spec.localNodes().stream().map(LocalNode::namespace).toList());
        namespaces.add(spec.fabricNamespace());
        if (!linkIsForeign()) {
            Shell.run("ip", "link", "delete", spec.linkName());
        }
        for (String namespace : namespaces) {
            if (namespaceExists(namespace)) {
                Shell.must("ip", "netns", "delete", namespace);
            }
        }
    }
}
