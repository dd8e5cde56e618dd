package io.jollyboat.proxy.linux;

import io.jollyboat.proxy.rules.Ipv4Cidr;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.function.Predicate;

/** What the proxy changes of a node's network besides the Service rules. */
public interface NodeNetwork {
    /**
     * Makes locally made connections to Services possible, keeps those nobody answers on the machine, and holds the DNS
     * address.
     *
     * @param nodeIp the source of locally made connections
     * @param dnsAddress empty for none
     */
    void prepare(Collection<Ipv4Cidr> services, String nodeIp, String dnsAddress) throws IOException;

    /** The routes to other nodes' pods that this proxy made, and their gateways. */
    Map<Ipv4Cidr, String> podRoutes() throws IOException;

    /** Adds or changes a route to another node's pods. */
    void addPodRoute(Ipv4Cidr range, String gateway) throws IOException;

    void removePodRoute(Ipv4Cidr range) throws IOException;

    /** Ends the UDP conversations that match; returns how many. */
    int forgetUdp(Predicate<Connections.Flow> matches) throws IOException;

    /** Removes all of it. */
    void remove() throws IOException;
}
