package io.jollyboat.proxy.rules;

/**
 * A range of IPv4 addresses.
 *
 * @param network the first address
 * @param bits the length of the prefix
 */
public record Ipv4Cidr(int network, int bits) {
    /** Accepts {@code 10.0.0.0/8}; host bits are dropped. IllegalArgumentException for anything else. */
    public static Ipv4Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not a CIDR: " + text);
        }
        int bits;
        try {
            bits = Integer.parseInt(text.substring(slash + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a CIDR: " + text, e);
        }
        if (bits < 0 || bits > 32) {
            throw new IllegalArgumentException("not a CIDR: " + text);
        }
        return new Ipv4Cidr(address(text.substring(0, slash)) & mask(bits), bits);
    }

    /** Whether {@link #parse} takes it. */
    public static boolean isCidr(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The address as a number; IllegalArgumentException when it is none. */
    public static int address(String text) {
        int value = 0;
        int parts = 0;
        for (String part : text.split("\\.", -1)) {
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new IllegalArgumentException("not an IPv4 address: " + text);
            }
            int octet = Integer.parseInt(part);
            if (octet > 255) {
                throw new IllegalArgumentException("not an IPv4 address: " + text);
            }
            value = value << 8 | octet;
            parts++;
        }
        if (parts != 4) {
            throw new IllegalArgumentException("not an IPv4 address: " + text);
        }
        return value;
    }

    /** The number as an address. */
    public static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    /** Whether the other range lies within this one. */
    public boolean contains(Ipv4Cidr other) {
        return other.bits >= bits && (other.network & mask(bits)) == network;
    }

    /** Whether the address lies within. */
    public boolean contains(int address) {
        return (address & mask(bits)) == network;
    }

    private static int mask(int bits) {
        return bits == 0 ? 0 : -1 << (32 - bits);
    }

    @Override
    public String toString() {
        return text(network) + "/" + bits;
    }
}
