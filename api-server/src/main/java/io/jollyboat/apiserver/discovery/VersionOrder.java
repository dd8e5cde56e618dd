package io.jollyboat.apiserver.discovery;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Orders versions as clients prefer them: v2, v1, v2beta1, v1beta2, v1alpha1, then anything else by name. */
public final class VersionOrder {
    private static final Pattern KNOWN = Pattern.compile("v(\\d{1,18})(?:(alpha|beta)(\\d{1,18}))?");

    /** The most preferred one first. */
    public static final Comparator<String> PREFERRED_FIRST = Comparator.comparing(VersionOrder::parse);

    private VersionOrder() {}

    /** @param rank 0 for a stable version, 1 beta, 2 alpha, 3 for a name that says nothing */
    private record Parsed(int rank, long major, long minor, String name) implements Comparable<Parsed> {
        private static final Comparator<Parsed> ORDER = Comparator.comparingInt(Parsed::rank)
                .thenComparing(Comparator.comparingLong(Parsed::major).reversed())
                .thenComparing(Comparator.comparingLong(Parsed::minor).reversed())
                .thenComparing(Parsed::name);

        @Override
        public int compareTo(Parsed other) {
            return ORDER.compare(this, other);
        }
    }

    private static Parsed parse(String version) {
        Matcher known = KNOWN.matcher(version);
        if (!known.matches()) {
            return new Parsed(3, 0, 0, version);
        }
        String stage = known.group(2);
        int rank = stage == null ? 0 : stage.equals("beta") ? 1 : 2;
        return new Parsed(
                rank, Long.parseLong(known.group(1)), stage == null ? 0 : Long.parseLong(known.group(3)), version);
    }
}
