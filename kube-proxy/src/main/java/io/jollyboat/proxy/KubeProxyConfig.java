package io.jollyboat.proxy;

import io.jollyboat.client.ApiServerConfig;
import io.jollyboat.proxy.dns.ResolvConf;
import io.jollyboat.proxy.rules.Ipv4Cidr;
import java.nio.file.Path;
import java.util.List;

/**
 * Configuration of the node's proxy.
 *
 * @param nodeName the Node this process serves
 * @param nodeIp the node's address
 * @param clusterDns the address of the {@code kube-dns} Service, which this process answers; empty: no DNS server
 * @param clusterDomain what the cluster's names end in
 * @param podCidr the range of all pods
 * @param serviceCidr the range of ClusterIPs; more than one separated by commas
 * @param nodePortAddresses addresses that answer node ports; empty for {@code nodeIp}
 * @param masqueradePods whether pods appear as the node outside of the pod range
 * @param resolvConf whose name servers are asked about names outside of the cluster
 * @param loopbackRelay asked in place of those on the loopback, where the loopback is not the host's own; this process
 *     then answers on their addresses itself, for the node's own programs
 * @param upstreams name servers in place of those; {@code 1.2.3.4} or {@code 1.2.3.4:53}
 * @param healthzAddress where {@code /healthz} is answered
 * @param healthzPort 0 for none
 * @param metricsPort on the loopback interface; 0 for none
 */
public record KubeProxyConfig(
        ApiServerConfig apiServer,
        String nodeName,
        String nodeIp,
        String clusterDns,
        String clusterDomain,
        String podCidr,
        String serviceCidr,
        List<String> nodePortAddresses,
        boolean masqueradePods,
        Path resolvConf,
        String loopbackRelay,
        List<String> upstreams,
        String healthzAddress,
        int healthzPort,
        int metricsPort) {

    public KubeProxyConfig {
        if (nodeIp != null) {
            check("nodeIp", nodeIp, Ipv4Cidr::address);
        }
        if (!clusterDns.isEmpty()) {
            check("clusterDns", clusterDns, Ipv4Cidr::address);
        }
        check("podCidr", podCidr, Ipv4Cidr::parse);
        for (String range : serviceCidr.split(",")) {
            check("serviceCidr", range.strip(), Ipv4Cidr::parse);
        }
        nodePortAddresses.forEach(a -> check("nodePortAddresses", a, Ipv4Cidr::address));
        if (!loopbackRelay.isEmpty()) {
            check("loopbackRelay", loopbackRelay, Ipv4Cidr::address);
        }
        upstreams.forEach(u -> check("upstreams", u, ResolvConf::server));
        check("healthzAddress", healthzAddress, Ipv4Cidr::address);
    }

    /** What most nodes leave as it is. */
    static KubeProxyConfig defaults() {
        return new KubeProxyConfig(
                null,
                null,
                null,
                "10.96.0.10",
                "cluster.local",
                "10.200.0.0/16",
                "10.96.0.0/16",
                List.of(),
                true,
                Path.of("/etc/resolv.conf"),
                "",
                List.of(),
                "0.0.0.0",
                10256,
                10249);
    }

    List<Ipv4Cidr> serviceRanges() {
        return List.of(serviceCidr.split(",")).stream()
                .map(r -> Ipv4Cidr.parse(r.strip()))
                .toList();
    }

    private interface Reader {
        Object read(String text);
    }

    private static void check(String key, String value, Reader reader) {
        try {
            Object _ = reader.read(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }
}
