package io.jollyboat.controllers.endpoints;

import io.jollyboat.api.core.v1.EndpointAddress;
import io.jollyboat.api.core.v1.EndpointSubset;
import java.util.ArrayList;
import java.util.List;

/** Keeps an Endpoints object to its limit: ready addresses before others, each subset its proportion. */
final class Capacity {
    static final int MAX_ADDRESSES = 1000;

    private Capacity() {}

    static int size(List<EndpointSubset> subsets) {
        return subsets.stream()
                .mapToInt(s -> s.getAddressesCount() + s.getNotReadyAddressesCount())
                .sum();
    }

    static List<EndpointSubset> truncate(List<EndpointSubset> subsets) {
        if (size(subsets) <= MAX_ADDRESSES) {
            return subsets;
        }
        int ready = subsets.stream().mapToInt(EndpointSubset::getAddressesCount).sum();
        int notReady = subsets.stream()
                .mapToInt(EndpointSubset::getNotReadyAddressesCount)
                .sum();
        boolean onlyReady = ready > MAX_ADDRESSES;
        int room = onlyReady ? MAX_ADDRESSES : MAX_ADDRESSES - ready;
        int total = onlyReady ? ready : notReady;
        int left = room;
        List<EndpointSubset> result = new ArrayList<>();
        for (EndpointSubset subset : subsets) {
            List<EndpointAddress> from = onlyReady ? subset.getAddressesList() : subset.getNotReadyAddressesList();
            int share = (int) Math.ceilDiv((long) from.size() * room, (long) total);
            List<EndpointAddress> kept = from.subList(0, Math.min(from.size(), Math.min(share, left)));
            left -= kept.size();
            EndpointSubset.Builder next = subset.toBuilder().clearNotReadyAddresses();
            if (onlyReady) {
                next.clearAddresses().addAllAddresses(kept);
            } else {
                next.addAllNotReadyAddresses(kept);
            }
            result.add(next.build());
        }
        return result;
    }
}
