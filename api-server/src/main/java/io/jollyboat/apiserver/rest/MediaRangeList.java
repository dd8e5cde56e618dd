package io.jollyboat.apiserver.rest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Headers that are lists of names. */
final class MediaRangeList {
    private MediaRangeList() {}

    /** The names, without their parameters; those of quality 0 are left out. */
    static List<String> names(String header) {
        return Arrays.stream(header.split(","))
                .map(MediaRange::parse)
                .filter(range -> range.quality() > 0)
                .map(range -> range.type().toLowerCase(Locale.ROOT))
                .toList();
    }
}
