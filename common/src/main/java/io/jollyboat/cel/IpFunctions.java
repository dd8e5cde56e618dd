package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.OpaqueType;
import java.util.function.Predicate;

/** Kubernetes' libraries of addresses and networks. */
final class IpFunctions {

    static final OpaqueType IP = OpaqueType.create("net.IP");
    static final OpaqueType CIDR = OpaqueType.create("net.CIDR");

    private IpFunctions() {}

    /** An address. */
    record Ip(Address address) implements OpaqueValue {
        @Override
        public String typeName() {
            return "net.IP";
        }

        @Override
        public long costSize() {
            return address.length();
        }

        String text() {
            return address.text();
        }
    }

    /** A network: an address, not masked, and the length of the prefix. */
    record Cidr(Address address, int prefix) implements OpaqueValue {
        @Override
        public String typeName() {
            return "net.CIDR";
        }

        @Override
        public long costSize() {
            return (prefix + 7L) / 8;
        }

        String text() {
            return address.text() + "/" + prefix;
        }

        boolean contains(Address other) {
            return other.length() == address.length() && other.masked(prefix).equals(address.masked(prefix));
        }
    }

    static void declare(Declarations to) {
        to.global("ip", "string_to_ip", IP, a -> new Ip(parse((String) a[0])), STRING);
        to.global("isIP", "is_ip", BOOL, a -> isValid(() -> parse((String) a[0])), STRING);
        to.global(
                "ip.isCanonical",
                "ip_is_canonical",
                BOOL,
                a -> parse((String) a[0]).text().equals(a[0]),
                STRING);
        to.global("string", "ip_to_string", STRING, a -> ((Ip) a[0]).text(), IP);
        to.member("family", "ip_family", INT, a -> ((Ip) a[0]).address().isV4() ? 4L : 6L, IP);
        is(to, "isUnspecified", "ip_is_unspecified", Address::isUnspecified);
        is(to, "isLoopback", "ip_is_loopback", Address::isLoopback);
        is(to, "isLinkLocalMulticast", "ip_is_link_local_multicast", Address::isLinkLocalMulticast);
        is(to, "isLinkLocalUnicast", "ip_is_link_local_unicast", Address::isLinkLocalUnicast);
        is(to, "isGlobalUnicast", "ip_is_global_unicast", Address::isGlobalUnicast);
        declareNetworks(to);
    }

    private static void is(Declarations to, String name, String overload, Predicate<Address> test) {
        to.member(name, overload, BOOL, a -> test.test(((Ip) a[0]).address()), IP);
    }

    private static void declareNetworks(Declarations to) {
        to.global("cidr", "string_to_cidr", CIDR, a -> network((String) a[0]), STRING);
        to.global("isCIDR", "is_cidr", BOOL, a -> isValid(() -> network((String) a[0])), STRING);
        to.global("string", "cidr_to_string", STRING, a -> ((Cidr) a[0]).text(), CIDR);
        to.member(
                "containsIP",
                "cidr_contains_ip_string",
                BOOL,
                a -> ((Cidr) a[0]).contains(parse((String) a[1])),
                CIDR,
                STRING);
        to.member(
                "containsIP",
                "cidr_contains_ip_ip",
                BOOL,
                a -> ((Cidr) a[0]).contains(((Ip) a[1]).address()),
                CIDR,
                IP);
        to.member(
                "containsCIDR",
                "cidr_contains_cidr_string",
                BOOL,
                a -> contains((Cidr) a[0], network((String) a[1])),
                CIDR,
                STRING);
        to.member("containsCIDR", "cidr_contains_cidr", BOOL, a -> contains((Cidr) a[0], (Cidr) a[1]), CIDR, CIDR);
        to.member("ip", "cidr_ip", IP, a -> new Ip(((Cidr) a[0]).address()), CIDR);
        to.member("prefixLength", "cidr_prefix_length", INT, a -> (long) ((Cidr) a[0]).prefix(), CIDR);
        to.member("masked", "cidr_masked", CIDR, a -> masked((Cidr) a[0]), CIDR);
    }

    private static boolean contains(Cidr outer, Cidr inner) {
        return outer.prefix() <= inner.prefix() && outer.contains(inner.address());
    }

    private static Cidr masked(Cidr cidr) {
        return new Cidr(cidr.address().masked(cidr.prefix()), cidr.prefix());
    }

    private static boolean isValid(Runnable parse) {
        try {
            parse.run();
            return true;
        } catch (EvalError e) {
            return false;
        }
    }

    private static Address parse(String text) {
        Address address;
        try {
            int zone = text.indexOf('%');
            if (zone >= 0 && text.indexOf(':') >= 0 && zone < text.length() - 1) {
                Address.parse(text.substring(0, zone));
                throw new EvalError("IP address " + GoText.quote(text) + " with zone value is not allowed");
            }
            address = Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new EvalError("IP Address " + GoText.quote(text) + " parse error during conversion from string: "
                    + e.getMessage());
        }
        if (address.isV4InV6()) {
            throw new EvalError("IPv4-mapped IPv6 address " + GoText.quote(text) + " is not allowed");
        }
        return address;
    }

    private static Cidr network(String text) {
        String prefix = "network address parse error during conversion from string: ";
        try {
            int slash = text.lastIndexOf('/');
            if (slash < 0) {
                throw new IllegalArgumentException("netip.ParsePrefix(" + GoText.quote(text) + "): no '/'");
            }
            Address address = prefixAddress(text, text.substring(0, slash));
            int bits = bits(text, text.substring(slash + 1), address.length() * 8);
            if (address.isV4InV6()) {
                throw new IllegalArgumentException(
                        "IPv4-mapped IPv6 address " + GoText.quote(text) + " is not allowed");
            }
            return new Cidr(address, bits);
        } catch (IllegalArgumentException e) {
            String inner = e.getMessage().startsWith("IPv4-mapped") ? "" : prefix;
            throw new EvalError(prefix + inner + e.getMessage());
        }
    }

    private static Address prefixAddress(String text, String address) {
        if (address.indexOf('%') >= 0) {
            throw new IllegalArgumentException(
                    "netip.ParsePrefix(" + GoText.quote(text) + "): IPv6 zones cannot be present in a prefix");
        }
        try {
            return Address.parse(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("netip.ParsePrefix(" + GoText.quote(text) + "): " + e.getMessage(), e);
        }
    }

    private static int bits(String text, String digits, int most) {
        String call = "netip.ParsePrefix(" + GoText.quote(text) + "): ";
        boolean number =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number || (digits.length() > 1 && digits.startsWith("0"))) {
            throw new IllegalArgumentException(call + "bad bits after slash: " + GoText.quote(digits));
        }
        int bits = Integer.parseInt(digits);
        if (bits > most) {
            throw new IllegalArgumentException(call + "prefix length out of range");
        }
        return bits;
    }
}
