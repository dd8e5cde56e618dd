package io.jollyboat.apiserver.validation;

import io.jollyboat.api.meta.v1.ObjectMeta;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** IP addresses and ranges, as strict as upstream. */
final class Addresses {
    private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private Addresses() {}

    /** Null where the text is no address; never asks a name server. */
    static InetAddress parse(String text) {
        boolean four = V4.matcher(text).matches();
        if (!four && !V6.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(four ? text : "[" + text + "]");
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** True where the address is one. */
    static boolean ip(Errors errors, String text, String path) {
        InetAddress address = parse(text);
        boolean inRange = address != null && (!V4.matcher(text).matches() || octetsFit(text));
        if (!inRange) {
            errors.invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            return false;
        }
        if (V4.matcher(text).matches() && text.matches("(.*\\.)?0[0-9].*")) {
            errors.invalid(path, text, "must not have leading 0s");
            return false;
        }
        return true;
    }

    private static boolean octetsFit(String text) {
        for (String octet : text.split("\\.")) {
            if (Integer.parseInt(octet) > 255) {
                return false;
            }
        }
        return true;
    }

    static boolean cidr(Errors errors, String text, String path) {
        if (!isCidr(text)) {
            errors.invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            return false;
        }
        return true;
    }

    static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        InetAddress address = slash < 0 ? null : parse(text.substring(0, slash));
        if (address == null || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            return false;
        }
        return Integer.parseInt(text.substring(slash + 1)) <= address.getAddress().length * 8;
    }

    /** True where the inner range lies in the outer one and is smaller. */
    static boolean strictlyWithin(String inner, String outer) {
        int outerBits = Integer.parseInt(outer.substring(outer.indexOf('/') + 1));
        int innerBits = Integer.parseInt(inner.substring(inner.indexOf('/') + 1));
        byte[] outerBytes = parse(outer.substring(0, outer.indexOf('/'))).getAddress();
        byte[] innerBytes = parse(inner.substring(0, inner.indexOf('/'))).getAddress();
        if (outerBytes.length != innerBytes.length || innerBits <= outerBits) {
            return false;
        }
        for (int bit = 0; bit < outerBits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((outerBytes[bit / 8] & mask) != (innerBytes[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** The one way to write an address, as Go has it. */
    static String canonical(String text) {
        byte[] bytes = parse(text).getAddress();
        if (bytes.length == 4) {
            return (bytes[0] & 255) + "." + (bytes[1] & 255) + "." + (bytes[2] & 255) + "." + (bytes[3] & 255);
        }
        int from = 0;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && group(bytes, i + run) == 0) {
                run++;
            }
            if (run > length) {
                from = i;
                length = run;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (length > 1 && i == from) {
                out.append("::");
                i += length - 1;
            } else {
                boolean first = out.isEmpty() || out.charAt(out.length() - 1) == ':';
                out.append(first ? "" : ":").append(Integer.toHexString(group(bytes, i)));
            }
        }
        return out.toString();
    }

    private static int group(byte[] bytes, int index) {
        return (bytes[2 * index] & 255) << 8 | (bytes[2 * index + 1] & 255);
    }

    static boolean isV6(String text) {
        return text.contains(":");
    }

    /** Unlike upstream's: an embedded API server may have no other address than a loopback one. */
    static boolean ownEndpoints(ObjectMeta meta) {
        return meta.getNamespace().equals("default") && meta.getName().equals("kubernetes");
    }

    /** True where bits are set beyond the prefix. */
    static boolean hasHostBits(String cidr) {
        int slash = cidr.indexOf('/');
        byte[] bytes = parse(cidr.substring(0, slash)).getAddress();
        for (int bit = Integer.parseInt(cidr.substring(slash + 1)); bit < bytes.length * 8; bit++) {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Addresses that no endpoint can have. */
    static void usable(Errors errors, String text, String path) {
        InetAddress address = parse(text);
        if (address == null) {
            return;
        }
        if (address.isAnyLocalAddress()) {
            errors.invalid(path, text, "may not be unspecified (" + text + ")");
        }
        if (address.isLoopbackAddress()) {
            errors.invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (address.isLinkLocalAddress()) {
            errors.invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        if (address.isMCLinkLocal() || text.startsWith("224.0.0.")) {
            errors.invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }
}
