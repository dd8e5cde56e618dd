package io.jollyboat.proxy.nftables;

import io.jollyboat.proxy.rules.Protocol;

/**
 * The named maps and sets of our table. {@code typeof} where a key has a random number, which has no type name; a value
 * with {@code th dport} would be refused by nft 1.0.6 when it reads the table back, and {@code tcp dport} restricts the
 * rule that uses it to TCP, so there is a map for each protocol.
 */
enum NftSet {
    /** What to do with a new connection to an address and port. */
    SERVICES("map", "services", "type ipv4_addr . inet_proto . inet_service : verdict;"),
    /** The n-th target of an address and TCP port. */
    ENDPOINTS_TCP("map", "endpoints-tcp", NftSet.NUMBERED + " : ip daddr . tcp dport;"),
    /** The n-th target of an address and UDP port. */
    ENDPOINTS_UDP("map", "endpoints-udp", NftSet.NUMBERED + " : ip daddr . udp dport;"),
    /** The n-th target of an address and SCTP port. */
    ENDPOINTS_SCTP("map", "endpoints-sctp", NftSet.NUMBERED + " : ip daddr . sctp dport;"),
    /** The identity of the n-th target where clients stay with theirs. */
    STICKY_IDS("map", "sticky-ids", NftSet.NUMBERED + " : ct mark;"),
    /** The target of an identity. */
    STICKY_TARGETS(
            "map", "sticky-targets", "type ipv4_addr . inet_proto . inet_service . mark : ipv4_addr . inet_service;"),
    /** Local targets, twice: a connection from one to itself. */
    HAIRPIN("set", "hairpin", "type ipv4_addr . ipv4_addr;"),
    /** What to do with a packet that no rule gave a target. */
    NO_ENDPOINTS("map", "no-endpoints", "type ipv4_addr . inet_proto . inet_service : verdict;"),
    /** Addresses that only some sources may use. */
    RESTRICTED("set", "restricted", "type ipv4_addr . inet_proto . inet_service;"),
    /** Those sources. */
    ALLOWED("set", "allowed", "type ipv4_addr . inet_proto . inet_service . ipv4_addr; flags interval;");

    private static final String NUMBERED = "typeof ip daddr . meta l4proto . th dport . numgen random mod 2";

    /** Which client is with which target: filled by the kernel, kept over restarts. */
    static final String AFFINITY = "affinity-v1 "
            + "{ type ipv4_addr . ipv4_addr . inet_proto . inet_service : mark; size 65536; flags dynamic,timeout; timeout 3h; }";

    private final String form;
    private final String setName;
    private final String declaration;

    NftSet(String form, String setName, String declaration) {
        this.form = form;
        this.setName = setName;
        this.declaration = declaration;
    }

    /** The targets of the protocol's ports. */
    static NftSet endpoints(Protocol protocol) {
        return switch (protocol) {
            case TCP -> ENDPOINTS_TCP;
            case UDP -> ENDPOINTS_UDP;
            case SCTP -> ENDPOINTS_SCTP;
        };
    }

    /** {@code map} or {@code set}. */
    String form() {
        return form;
    }

    String setName() {
        return setName;
    }

    String declaration() {
        return declaration;
    }
}
