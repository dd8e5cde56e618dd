package io.jollyboat.proxy.linux;

import io.jollyboat.log.Log;
import io.jollyboat.proxy.rules.Ipv4Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.function.Predicate;

/** The network of the namespace this process is in. */
public final class LinuxNetwork implements NodeNetwork {
    private static final Log LOG = Log.of(LinuxNetwork.class);
    /**
     * A bridge without ports. The kernel needs a route before it asks the rules about a locally made connection; this one
     * leads nowhere.
     */
    private static final String BRIDGE = "jolly-svc";

    private static final Path FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");
    /** Without it an answer between two pods of one bridge passes the kernel's address rewriting by. */
    private static final Path BRIDGE_RULES = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");

    @Override
    public void prepare(Collection<Ipv4Cidr> services, String nodeIp, String dnsAddress) throws IOException {
        enable(FORWARD, "pods cannot reach other hosts");
        enable(BRIDGE_RULES, "pods cannot reach Services with an endpoint on their own node; load br_netfilter");
        Links.ensureBridge(BRIDGE);
        if (!dnsAddress.isEmpty()) {
            Links.ensureAddress(BRIDGE, dnsAddress);
        }
        for (Ipv4Cidr range : services) {
            Routes.toDevice(range, BRIDGE, nodeIp);
        }
    }

    private static void enable(Path setting, String otherwise) {
        try {
            if (!Files.readString(setting).strip().equals("1")) {
                Files.writeString(setting, "1");
            }
        } catch (IOException e) {
            LOG.warn("a kernel setting is not as needed", "setting", setting, "consequence", otherwise, "reason", e);
        }
    }

    @Override
    public Map<Ipv4Cidr, String> podRoutes() throws IOException {
        return Routes.ours();
    }

    @Override
    public void addPodRoute(Ipv4Cidr range, String gateway) throws IOException {
        Routes.via(range, gateway);
    }

    @Override
    public void removePodRoute(Ipv4Cidr range) throws IOException {
        Routes.remove(range);
    }

    @Override
    public int forgetUdp(Predicate<Connections.Flow> matches) throws IOException {
        return Connections.forgetUdp(matches);
    }

    @Override
    public void remove() throws IOException {
        for (Ipv4Cidr range : Routes.ours().keySet()) {
            Routes.remove(range);
        }
        Links.remove(BRIDGE);
    }
}
