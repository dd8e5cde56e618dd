package io.jollyboat.proxy.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** CIDRs, without those that lie within another: the kernel refuses overlapping intervals. */
final class SourceRanges {
    /** No packet comes from there. */
    private static final String NOBODY = "255.255.255.255/32";

    private SourceRanges() {}

    /** What cannot be read allows nobody. */
    static List<String> of(List<String> cidrs) {
        List<Ipv4Cidr> kept = new ArrayList<>();
        cidrs.stream()
                .map(String::strip)
                .map(c -> Ipv4Cidr.isCidr(c) ? c : NOBODY)
                .map(Ipv4Cidr::parse)
                .sorted(Comparator.comparingInt(Ipv4Cidr::bits).thenComparingInt(Ipv4Cidr::network))
                .filter(c -> kept.stream().noneMatch(k -> k.contains(c)))
                .forEach(kept::add);
        return kept.stream().map(Ipv4Cidr::toString).toList();
    }
}
