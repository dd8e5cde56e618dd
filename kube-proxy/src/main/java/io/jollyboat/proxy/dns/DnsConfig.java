package io.jollyboat.proxy.dns;

import io.jollyboat.proxy.rules.Ipv4Cidr;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The DNS server's settings.
 *
 * @param domain the cluster's domain, lower case, without the last dot
 * @param address the address of the {@code kube-dns} Service
 * @param listen where the server listens; usually that address, port 53
 * @param alsoListen further addresses, for programs of the host itself
 * @param ranges pods and Services: addresses whose reverse names nobody else knows
 * @param upstreams who answers everything else
 */
public record DnsConfig(
        String domain,
        String address,
        InetSocketAddress listen,
        List<InetSocketAddress> alsoListen,
        List<Ipv4Cidr> ranges,
        Upstreams upstreams) {}
