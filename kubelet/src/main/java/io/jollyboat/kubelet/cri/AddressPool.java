package io.jollyboat.kubelet.cri;

import java.util.HashSet;
import java.util.Set;

/** Hands out the addresses of an IPv4 range one after another, and again when they came back. Not thread-safe. */
final class AddressPool {
    private long base;
    private long size;
    private long next = 2;
    private final Set<String> used = new HashSet<>();

    AddressPool(String cidr) {
        use(cidr);
    }

    /** From now on; addresses given out before stay valid. */
    void use(String cidr) {
        String[] parts = cidr.split("/");
        int bits = Integer.parseInt(parts[1]);
        size = 1L << (32 - bits);
        base = number(parts[0]) / size * size;
    }

    String take() {
        for (long i = 0; i < size; i++) {
            String address = text(base + next);
            next = next + 1 >= size - 1 ? 2 : next + 1;
            if (used.add(address)) {
                return address;
            }
        }
        throw new IllegalStateException("no address is left");
    }

    void giveBack(String address) {
        used.remove(address);
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.split("\\.")) {
            number = number * 256 + Long.parseLong(part);
        }
        return number;
    }

    private static String text(long number) {
        return (number >> 24 & 255) + "." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
    }
}
