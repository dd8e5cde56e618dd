package io.jollyboat.cel;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** A semantic version 2.0.0 with blang/semver's error texts; build metadata counts for nothing. */
record Semver(long major, long minor, long patch, List<String> pre, String build)
        implements OpaqueValue, Comparable<Semver> {

    @Override
    public String typeName() {
        return "kubernetes.Semver";
    }

    static Semver parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("Version string empty");
        }
        String[] parts = text.split("\\.", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("No Major.Minor.Patch elements found");
        }
        long major = number(parts[0], "Major");
        long minor = number(parts[1], "Minor");
        String patch = parts[2];
        String build = "";
        int plus = patch.indexOf('+');
        if (plus >= 0) {
            build = patch.substring(plus + 1);
            patch = patch.substring(0, plus);
        }
        List<String> pre = new ArrayList<>();
        int dash = patch.indexOf('-');
        if (dash >= 0) {
            for (String part : patch.substring(dash + 1).split("\\.", -1)) {
                pre.add(preRelease(part));
            }
            patch = patch.substring(0, dash);
        }
        long patchNumber = number(patch, "Patch");
        if (plus >= 0) {
            for (String part : build.split("\\.", -1)) {
                if (part.isEmpty()) {
                    throw new IllegalArgumentException("Build meta data is empty");
                }
                if (!part.matches("[0-9A-Za-z-]+")) {
                    throw new IllegalArgumentException(
                            "Invalid character(s) found in build meta data " + GoText.quote(part));
                }
            }
        }
        return new Semver(major, minor, patchNumber, List.copyOf(pre), build);
    }

    private static long number(String digits, String which) {
        if (!digits.matches("[0-9]+")) {
            if (digits.isEmpty()) {
                throw new IllegalArgumentException("strconv.ParseUint: parsing \"\": invalid syntax");
            }
            throw new IllegalArgumentException("Invalid character(s) found in "
                    + which.toLowerCase(java.util.Locale.ROOT) + " number " + GoText.quote(digits));
        }
        if (digits.length() > 1 && digits.startsWith("0")) {
            throw new IllegalArgumentException(
                    which + " number must not contain leading zeroes " + GoText.quote(digits));
        }
        if (new BigInteger(digits).bitLength() > 63) {
            throw new IllegalArgumentException(
                    "strconv.ParseUint: parsing " + GoText.quote(digits) + ": value out of range");
        }
        return Long.parseLong(digits);
    }

    private static String preRelease(String part) {
        if (part.isEmpty()) {
            throw new IllegalArgumentException("Prerelease is empty");
        }
        if (part.matches("0[0-9]+")) {
            throw new IllegalArgumentException(
                    "Numeric PreRelease version must not contain leading zeroes " + GoText.quote(part));
        }
        if (!part.matches("[0-9A-Za-z-]+")) {
            throw new IllegalArgumentException("Invalid character(s) found in prerelease " + GoText.quote(part));
        }
        return part;
    }

    /** Drops a leading v and leading zeros and fills missing parts, as far as there is no pre-release in a short version. */
    static String normalized(String text) {
        String rest = text.startsWith("v") ? text.substring(1) : text;
        List<String> parts = new ArrayList<>(List.of(rest.split("\\.", 3)));
        parts.replaceAll(Semver::withoutLeadingZeros);
        if (parts.size() < 3) {
            if (parts.getLast().contains("+") || parts.getLast().contains("-")) {
                throw new IllegalArgumentException("short version cannot contain PreRelease/Build meta data");
            }
            while (parts.size() < 3) {
                parts.add("0");
            }
        }
        return String.join(".", parts);
    }

    private static String withoutLeadingZeros(String part) {
        if (part.length() <= 1) {
            return part;
        }
        int at = 0;
        while (at < part.length() && part.charAt(at) == '0') {
            at++;
        }
        String rest = part.substring(at);
        return rest.isEmpty() || !Character.isDigit(rest.charAt(0)) ? "0" + rest : rest;
    }

    @Override
    public int compareTo(Semver other) {
        if (major != other.major) {
            return Long.compare(major, other.major);
        }
        if (minor != other.minor) {
            return Long.compare(minor, other.minor);
        }
        if (patch != other.patch) {
            return Long.compare(patch, other.patch);
        }
        if (pre.isEmpty() || other.pre.isEmpty()) {
            return Boolean.compare(pre.isEmpty(), other.pre.isEmpty());
        }
        for (int i = 0; i < Math.min(pre.size(), other.pre.size()); i++) {
            int order = comparePart(pre.get(i), other.pre.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(pre.size(), other.pre.size());
    }

    private static int comparePart(String a, String b) {
        boolean aNumber = a.matches("[0-9]+");
        boolean bNumber = b.matches("[0-9]+");
        if (aNumber && bNumber) {
            return new BigInteger(a).compareTo(new BigInteger(b));
        }
        return aNumber != bNumber ? (aNumber ? -1 : 1) : Integer.signum(a.compareTo(b));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Semver version && compareTo(version) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(major * 31 + minor) * 31 + Long.hashCode(patch) + pre.hashCode();
    }
}
