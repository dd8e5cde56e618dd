package io.jollyboat.proxy.nftables;

import io.jollyboat.proxy.rules.Protocol;
import java.util.List;
import java.util.Locale;

/**
 * A chain that sends a connection to one of the targets of its address and port.
 *
 * @param offset where the targets' numbers begin
 * @param affinitySeconds 0 for none
 */
record Picker(Protocol protocol, int count, int offset, int affinitySeconds) {
    private static final String DESTINATION = "ip daddr . meta l4proto . th dport";
    private static final String CLIENT = "ip saddr . " + DESTINATION;

    /** The numbers of local targets begin here, of all targets at 0. */
    static final int LOCAL_OFFSET = 1 << 20;

    String chain() {
        String base = (offset == 0 ? "pick-" : "pick-local-") + count;
        // Chains that remember their clients need not know the protocol.
        return affinitySeconds == 0
                ? base + "-" + protocol.name().toLowerCase(Locale.ROOT)
                : base + "-stay-" + affinitySeconds;
    }

    /** The chains, those others go to first. */
    List<Chain> chains() {
        String number = "numgen random mod " + count + (offset == 0 ? "" : " offset " + offset);
        if (affinitySeconds == 0) {
            String map = NftSet.endpoints(protocol).setName();
            return List.of(new Chain(chain(), List.of("dnat ip to " + DESTINATION + " . " + number + " map @" + map)));
        }
        String forget = "delete @affinity-v1 { " + CLIENT + " : ct mark }";
        String remember = "update @affinity-v1 { " + CLIENT + " timeout " + affinitySeconds + "s : ct mark }";
        String send = "dnat ip to " + DESTINATION + " . ct mark map @sticky-targets";
        String stay = "stay-" + affinitySeconds;
        return List.of(
                // Comes back when the target is gone.
                new Chain(stay, List.of(remember, send)),
                new Chain(
                        chain(),
                        List.of(
                                "ct mark set " + CLIENT + " map @affinity-v1 jump " + stay,
                                // An update alone would keep the old identity.
                                forget,
                                "ct mark set " + DESTINATION + " . " + number + " map @sticky-ids",
                                remember,
                                send)));
    }

    /** A chain of ours and its rules. */
    record Chain(String name, List<String> rules) {}
}
