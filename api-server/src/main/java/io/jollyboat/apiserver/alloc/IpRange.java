package io.jollyboat.apiserver.alloc;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IPv4 network.
 *
 * @param base the network's address as a number
 */
public record IpRange(long base, int prefixLength) {
    /** Reads {@code 10.96.0.0/16}. */
    public static IpRange parse(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(cidr + " is no network such as 10.96.0.0/16");
        }
        int length = Integer.parseInt(cidr.substring(slash + 1));
        long address = number(cidr.substring(0, slash));
        if (address < 0 || length < 8 || length > 30) {
            throw new IllegalArgumentException(cidr + " is no IPv4 network of 8 to 30 bits");
        }
        return new IpRange(address & -(1L << (32 - length)), length);
    }

    /** The address as a number; -1 when it is no IPv4 address. */
    static long number(String address) {
        if (!address.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            return -1;
        }
        try {
            long value = 0;
            for (byte part : InetAddress.getByName(address).getAddress()) {
                value = value << 8 | (part & 0xff);
            }
            return value;
        } catch (UnknownHostException e) {
            return -1;
        }
    }

    /** Without the network's own address and its broadcast address. */
    long size() {
        return (1L << (32 - prefixLength)) - 2;
    }

    /** @param index from 0 to size - 1 */
    public String address(long index) {
        long value = base + 1 + index;
        return (value >> 24 & 0xff) + "." + (value >> 16 & 0xff) + "." + (value >> 8 & 0xff) + "." + (value & 0xff);
    }

    /** Such as {@code 10.96.0.0/16}. */
    String network() {
        return address(-1) + "/" + prefixLength;
    }

    boolean contains(String address) {
        long value = number(address);
        return value > base && value <= base + size();
    }
}
