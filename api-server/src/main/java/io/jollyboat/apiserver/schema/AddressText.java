package io.jollyboat.apiserver.schema;

import java.util.regex.Pattern;

/** Addresses of networks as Go reads them. */
final class AddressText {
    private static final Pattern MAC = Pattern.compile("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}"
            + "|[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){7}"
            + "|[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){19}"
            + "|[0-9a-fA-F]{4}(\\.[0-9a-fA-F]{4}){2}"
            + "|[0-9a-fA-F]{4}(\\.[0-9a-fA-F]{4}){3}"
            + "|[0-9a-fA-F]{4}(\\.[0-9a-fA-F]{4}){9}");

    private AddressText() {}

    /** @param sloppy zeros may lead the parts of an IPv4 address */
    static boolean isIp(String text, boolean sloppy) {
        return text.indexOf(':') < 0 ? isV4(text, sloppy) : isV6(text, sloppy);
    }

    static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !isIp(text.substring(0, slash), true)) {
            return false;
        }
        String bits = text.substring(slash + 1);
        int most = text.indexOf(':') < 0 ? 32 : 128;
        return bits.matches("[0-9]{1,7}") && Integer.parseInt(bits) <= most;
    }

    /** One separator throughout. */
    static boolean isMac(String text) {
        return MAC.matcher(text).matches() && (text.indexOf(':') < 0 || text.indexOf('-') < 0);
    }

    private static boolean isV4(String text, boolean sloppy) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean fine = part.matches("[0-9]{1,9}")
                    && Integer.parseInt(part) <= 255
                    && (sloppy || part.length() == 1 || part.charAt(0) != '0');
            if (!fine) {
                return false;
            }
        }
        return true;
    }

    private static boolean isV6(String text, boolean sloppy) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return words(text, sloppy) == 8;
        }
        String before = text.substring(0, gap);
        String after = text.substring(gap + 2);
        int first = before.isEmpty() ? 0 : words(before, sloppy);
        int last = after.isEmpty() ? 0 : words(after, sloppy);
        boolean fourInFront = before.indexOf('.') >= 0;
        return first >= 0 && last >= 0 && !fourInFront && first + last <= 7;
    }

    /** How many groups of 16 bits, negative where it is none. */
    private static int words(String text, boolean sloppy) {
        String[] parts = text.split(":", -1);
        int count = parts.length;
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                if (!isV4(parts[i], sloppy)) {
                    return Integer.MIN_VALUE;
                }
                count++;
            } else if (!parts[i].matches("[0-9a-fA-F]{1,4}")) {
                return Integer.MIN_VALUE;
            }
        }
        return count;
    }
}
