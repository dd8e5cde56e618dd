package io.jollyboat.cel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An IPv4 or IPv6 address as Go's netip parses and prints it. */
final class Address {

    private final byte[] bytes;

    private Address(byte[] bytes) {
        this.bytes = bytes;
    }

    /** 4 or 16. */
    int length() {
        return bytes.length;
    }

    static Address parse(String text) {
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '.' -> {
                    return new Address(v4(text, text));
                }
                case ':' -> {
                    return new Address(v6(text));
                }
                case '%' -> throw bad(text, "missing IPv6 address");
                default -> {}
            }
        }
        throw bad(text, "unable to parse IP");
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("ParseAddr(" + GoText.quote(text) + "): " + why);
    }

    private static byte[] v4(String whole, String text) {
        String[] fields = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        for (int i = 0; i < fields.length; i++) {
            String field = fields[i];
            if (!field.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw bad(whole, "unexpected character (at " + GoText.quote(odd(field)) + ")");
            }
            if (field.isEmpty()) {
                throw bad(whole, "IPv4 field must have at least one digit (at " + GoText.quote(text) + ")");
            }
            if (field.length() > 1 && field.startsWith("0")) {
                throw bad(whole, "IPv4 field has octet with leading zero");
            }
            if (field.length() > 3 || Integer.parseInt(field) > 255) {
                throw bad(whole, "IPv4 field has value >255");
            }
            if (i > 3) {
                throw bad(whole, "IPv4 address too long");
            }
            bytes[i] = (byte) Integer.parseInt(field);
        }
        if (fields.length < 4) {
            throw bad(whole, "IPv4 address too short");
        }
        return bytes;
    }

    private static String odd(String field) {
        int at = 0;
        while (Character.isDigit(field.charAt(at))) {
            at++;
        }
        return field.substring(at);
    }

    private static byte[] v6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            throw bad(text, "multiple :: in address");
        }
        List<Byte> head = groups(text, gap < 0 ? text : text.substring(0, gap));
        List<Byte> tail = gap < 0 ? List.of() : groups(text, text.substring(gap + 2));
        int length = head.size() + tail.size();
        if (gap < 0 && length < 16) {
            throw bad(text, "address string too short");
        }
        if (length > (gap < 0 ? 16 : 14)) {
            throw bad(
                    text,
                    gap < 0 ? "trailing garbage after address" : "the :: must expand to at least one field of zeros");
        }
        byte[] bytes = new byte[16];
        for (int i = 0; i < head.size(); i++) {
            bytes[i] = head.get(i);
        }
        for (int i = 0; i < tail.size(); i++) {
            bytes[16 - tail.size() + i] = tail.get(i);
        }
        return bytes;
    }

    private static List<Byte> groups(String whole, String text) {
        List<Byte> bytes = new ArrayList<>();
        if (text.isEmpty()) {
            return bytes;
        }
        String[] groups = text.split(":", -1);
        for (int i = 0; i < groups.length; i++) {
            String group = groups[i];
            if (group.indexOf('.') >= 0 && i == groups.length - 1) {
                for (byte b : v4(whole, group)) {
                    bytes.add(b);
                }
                return bytes;
            }
            if (group.isEmpty()) {
                throw bad(whole, "each colon-separated field must have at least one digit");
            }
            if (group.length() > 4) {
                throw bad(whole, "each group must have 4 or less digits");
            }
            if (!group.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
                throw bad(whole, "unexpected character, want colon (at " + GoText.quote(group) + ")");
            }
            int value = Integer.parseInt(group, 16);
            bytes.add((byte) (value >> 8));
            bytes.add((byte) value);
        }
        return bytes;
    }

    boolean isV4() {
        return bytes.length == 4;
    }

    boolean isV4InV6() {
        if (isV4()) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }

    boolean isUnspecified() {
        return allZero(bytes.length);
    }

    private boolean allZero(int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    boolean isLoopback() {
        return isV4() ? bytes[0] == 127 : allZero(15) && bytes[15] == 1;
    }

    boolean isLinkLocalMulticast() {
        return isV4() ? at(0) == 224 && at(1) == 0 && at(2) == 0 : at(0) == 0xff && (at(1) & 0x0f) == 0x02;
    }

    boolean isLinkLocalUnicast() {
        return isV4() ? at(0) == 169 && at(1) == 254 : at(0) == 0xfe && (at(1) & 0xc0) == 0x80;
    }

    boolean isGlobalUnicast() {
        boolean broadcast = isV4() && at(0) == 255 && at(1) == 255 && at(2) == 255 && at(3) == 255;
        boolean multicast = isV4() ? (at(0) & 0xf0) == 0xe0 : at(0) == 0xff;
        return !broadcast && !multicast && !isUnspecified() && !isLoopback() && !isLinkLocalUnicast();
    }

    private int at(int index) {
        return bytes[index] & 0xff;
    }

    Address masked(int prefix) {
        byte[] masked = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            int left = Math.clamp(prefix - i * 8L, 0, 8);
            masked[i] = (byte) (bytes[i] & (0xff00 >> left));
        }
        return new Address(masked);
    }

    String text() {
        if (isV4()) {
            return at(0) + "." + at(1) + "." + at(2) + "." + at(3);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = at(2 * i) << 8 | at(2 * i + 1);
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
