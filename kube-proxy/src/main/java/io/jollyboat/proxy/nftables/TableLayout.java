package io.jollyboat.proxy.nftables;

import io.jollyboat.proxy.rules.Ipv4Cidr;
import java.util.List;

/** The part of the table that does not depend on Services. */
final class TableLayout {
    static final String REJECT = "reject-new";
    /** Ours, from the pre-routing hooks to the post-routing one; upstream's bit. */
    private static final String MARK = "0x4000";

    private static final String DESTINATION = "ip daddr . meta l4proto . th dport";

    private final NftablesConfig config;

    TableLayout(NftablesConfig config) {
        this.config = config;
    }

    /** The connection's source becomes the node. */
    String mark() {
        return "meta mark set meta mark or " + MARK;
    }

    /** Matches what pods send. */
    String fromPods() {
        return "ip saddr " + config.podCidr();
    }

    /** Whether the node lies in the range. */
    boolean contains(String cidr) {
        return Ipv4Cidr.parse(cidr).contains(Ipv4Cidr.address(config.nodeIp()));
    }

    String table() {
        return "ip " + config.table();
    }

    /** Declares everything and empties it, but for who is with which target. Works on a table that is there or not. */
    void declare(StringBuilder script) {
        line(script, "add table " + table());
        for (NftSet set : NftSet.values()) {
            line(script, "add " + set.form() + " " + table() + " " + set.setName() + " { " + set.declaration() + " }");
            line(script, "flush " + set.form() + " " + table() + " " + set.setName());
        }
        line(script, "add map " + table() + " " + NftSet.AFFINITY);

        chain(script, REJECT, "", List.of("reject"));
        chain(script, "refuse", "", refuse());
        chain(script, "refuse-forward", "type filter hook forward priority 0;", List.of("ct state new jump refuse"));
        chain(script, "refuse-input", "type filter hook input priority 0;", List.of("ct state new jump refuse"));
        chain(script, "refuse-output", "type filter hook output priority 0;", List.of("ct state new jump refuse"));

        chain(script, "restrict", "", restrict());
        chain(script, "restrict-forward", "type filter hook prerouting priority -110;", List.of("jump restrict"));
        chain(script, "restrict-output", "type filter hook output priority -110;", List.of("jump restrict"));

        chain(script, "services-dispatch", "", dispatch());
        chain(script, "nat-forward", "type nat hook prerouting priority -100;", List.of("jump services-dispatch"));
        chain(script, "nat-output", "type nat hook output priority -100;", List.of("jump services-dispatch"));

        chain(script, "nat-source", "type nat hook postrouting priority 100;", masquerade());
    }

    private List<String> dispatch() {
        return List.of(
                "ip saddr != " + config.podCidr() + " ip daddr " + services() + " " + mark(),
                DESTINATION + " vmap @services");
    }

    /** What was not sent anywhere: refused, and whatever is left of the Services' range never leaves the machine. */
    private List<String> refuse() {
        return List.of(
                DESTINATION + " vmap @no-endpoints", "ip daddr " + services() + " fib daddr type != local reject");
    }

    private static List<String> restrict() {
        return List.of(DESTINATION + " @restricted " + DESTINATION + " . ip saddr != @allowed drop");
    }

    private List<String> masquerade() {
        String marked = "meta mark and " + MARK + " == " + MARK;
        List<String> services = List.of(
                marked + " meta mark set meta mark xor " + MARK + " masquerade fully-random",
                "ct status dnat ip saddr . ip daddr @hairpin masquerade fully-random");
        if (!config.masqueradePods()) {
            return services;
        }
        String leaving = "ip saddr " + config.podCidr() + " ip daddr != { " + config.podCidr() + ", 224.0.0.0/4 }";
        return List.of(services.get(0), services.get(1), leaving + " masquerade fully-random");
    }

    private String services() {
        return "{ " + String.join(", ", config.serviceCidrs()) + " }";
    }

    /** A chain with its rules and nothing else; base chains have a hook. */
    void chain(StringBuilder script, String name, String hook, List<String> rules) {
        String where = table() + " " + name;
        line(script, "add chain " + where + (hook.isEmpty() ? "" : " { " + hook + " policy accept; }"));
        line(script, "flush chain " + where);
        rules.forEach(rule -> line(script, "add rule " + where + " " + rule));
    }

    private static void line(StringBuilder script, String text) {
        script.append(text).append('\n');
    }
}
