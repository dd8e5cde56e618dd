package io.jollyboat.proxy.netns;

import java.util.ArrayList;
import java.util.List;

/** Nodes 10.90.0.N on one fabric, each with a bridge 10.200.N.1/24 for its pods, as the CNI bridge plugin makes it. */
public final class TestNetwork implements AutoCloseable {
    private final NetNamespace fabric = new NetNamespace();
    private final List<Host> hosts = new ArrayList<>();

    public TestNetwork() {
        fabric.sh("ip link add fabric type bridge; ip link set fabric up");
    }

    /** Node N. */
    public Host node(int number) {
        Host node = outsider("node" + number, "10.90.0." + number);
        node.namespace()
                .sh("ip link add cni0 type bridge; ip link set cni0 up; ip addr add 10.200." + number
                        + ".1/24 dev cni0; echo 1 > /proc/sys/net/ipv4/ip_forward");
        return node;
    }

    /** A machine on the fabric that is no node, with the nodes as routes to their pods. */
    public Host outsider(String name, String address) {
        Host host = new Host(name);
        hosts.add(host);
        String port = "f" + hosts.size();
        fabric.sh("ip link add " + port + " type veth peer name eth0 netns "
                + host.namespace().path() + "; ip link set " + port + " master fabric up");
        host.namespace().sh("ip addr add " + address + "/24 dev eth0; ip link set eth0 up");
        return host;
    }

    /** Pod 10.200.N.P on a node. */
    public Host pod(Host node, int nodeNumber, int podNumber) {
        Host pod = new Host("pod" + nodeNumber + "-" + podNumber);
        hosts.add(pod);
        String port = "p" + podNumber;
        node.namespace()
                .sh("ip link add " + port + " type veth peer name eth0 netns "
                        + pod.namespace().path() + "; ip link set " + port + " master cni0 up; "
                        + "echo 1 > /sys/class/net/" + port + "/brport/hairpin_mode 2>/dev/null || bridge link set dev "
                        + port + " hairpin on");
        pod.namespace()
                .sh("ip addr add 10.200." + nodeNumber + "." + podNumber
                        + "/24 dev eth0; ip link set eth0 up; ip route add default via 10.200." + nodeNumber + ".1");
        return pod;
    }

    @Override
    public void close() {
        hosts.forEach(Host::close);
        fabric.close();
    }
}
