package io.jollyboat.cli;

import java.util.Optional;

/**
 * A range of IPv4 addresses, such as {@code 10.96.0.0/16}.
 *
 * @param base the first address, as an unsigned number
 */
record Ipv4Range(long base, int prefix) {
    /** Empty when the text is no address, or no address with a prefix length. */
    static Optional<Ipv4Range> parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        String prefix = slash < 0 ? "32" : text.substring(slash + 1);
        String[] octets = address.split("\\.", -1);
        if (octets.length != 4 || !prefix.matches("\\d{1,2}") || Integer.parseInt(prefix) > 32) {
            return Optional.empty();
        }
        long base = 0;
        for (String octet : octets) {
            if (!octet.matches("0|[1-9]\\d{0,2}") || Integer.parseInt(octet) > 255) {
                return Optional.empty();
            }
            base = (base << 8) | Integer.parseInt(octet);
        }
        return Optional.of(new Ipv4Range(base, Integer.parseInt(prefix)));
    }

    long size() {
        return 1L << (32 - prefix);
    }

    /** Whether the base is the range's first address, not one in its middle. */
    boolean isAligned() {
        return base % size() == 0;
    }

    boolean overlaps(Ipv4Range other) {
        return base < other.base + other.size() && other.base < base + size();
    }

    /** The address so many after the first. */
    String address(long index) {
        long address = base + index;
        return "%d.%d.%d.%d".formatted(address >> 24, (address >> 16) & 255, (address >> 8) & 255, address & 255);
    }

    @Override
    public String toString() {
        return address(0) + "/" + prefix;
    }
}
