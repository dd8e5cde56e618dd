package io.jollyboat.controllers.nodeipam;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.BitSet;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Blocks of equal size within one network. Hands out the next free block after the last one handed out, so that a
 * removed node's block rests for a while. Not thread-safe.
 */
final class CidrPool {
    /** More than enough: a bit each. */
    private static final Pattern TRAILING_ZEROS = Pattern.compile("(?::0){2,}$");

    private static final int MAX_BLOCKS = 1 << 20;

    private final BigInteger base;
    private final int addressBits;
    private final int blockPrefix;
    private final int size;
    private final BitSet used = new BitSet();
    private int next;

    /**
     * @param network such as {@code 10.200.0.0/16}
     * @param blockPrefix such as 24
     */
    CidrPool(String network, int blockPrefix) {
        int slash = network.indexOf('/');
        byte[] address = parse(slash < 0 ? network : network.substring(0, slash));
        int prefix = slash < 0 ? -1 : Integer.parseInt(network.substring(slash + 1));
        this.addressBits = address.length * 8;
        if (prefix < 0 || prefix > addressBits || blockPrefix < prefix || blockPrefix > addressBits) {
            throw new IllegalArgumentException("network " + network + " cannot be cut into blocks of /" + blockPrefix);
        }
        BigInteger hostMask = BigInteger.ONE.shiftLeft(addressBits - prefix).subtract(BigInteger.ONE);
        this.base = new BigInteger(1, address).andNot(hostMask);
        this.blockPrefix = blockPrefix;
        this.size = blockPrefix - prefix >= 20 ? MAX_BLOCKS : 1 << (blockPrefix - prefix);
    }

    /** A free block, from now on in use. */
    Optional<String> allocate() {
        int index = used.nextClearBit(next);
        if (index >= size) {
            index = used.nextClearBit(0);
        }
        if (index >= size) {
            return Optional.empty();
        }
        used.set(index);
        next = (index + 1) % size;
        return Optional.of(block(index));
    }

    /** Marks a block that a node has already; others than ours are ignored. */
    void occupy(String cidr) {
        int index = index(cidr);
        if (index >= 0) {
            used.set(index);
        }
    }

    void release(String cidr) {
        int index = index(cidr);
        if (index >= 0) {
            used.clear(index);
        }
    }

    private String block(int index) {
        BigInteger start = base.add(BigInteger.valueOf(index).shiftLeft(addressBits - blockPrefix));
        byte[] bytes = new byte[addressBits / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[bytes.length - 1 - i] = start.shiftRight(8 * i).byteValue();
        }
        try {
            return text(InetAddress.getByAddress(bytes)) + "/" + blockPrefix;
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // the length is right
        }
    }

    /** IPv6 with the zeros at its end left out, as Go writes it: a block's are its longest run. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        if (!text.contains(":")) {
            return text;
        }
        return TRAILING_ZEROS.matcher(text).replaceFirst("::");
    }

    private int index(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            return -1;
        }
        byte[] address = parse(cidr.substring(0, slash));
        BigInteger offset = new BigInteger(1, address).subtract(base).shiftRight(addressBits - blockPrefix);
        return address.length * 8 == addressBits
                        && offset.signum() >= 0
                        && offset.compareTo(BigInteger.valueOf(size)) < 0
                ? offset.intValue()
                : -1;
    }

    private static byte[] parse(String address) {
        if (!address.matches("[0-9a-fA-F.:]+")) {
            throw new IllegalArgumentException("\"" + address + "\" is no address");
        }
        try {
            return InetAddress.getByName(address).getAddress(); // a literal: asks no name server
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + address + "\" is no address", e);
        }
    }
}
