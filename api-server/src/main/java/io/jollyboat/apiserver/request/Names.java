package io.jollyboat.apiserver.request;

import java.util.random.RandomGenerator;

/** Names and uids that the server gives. */
final class Names {
    /** Upstream's alphabet: no vowels, nothing that looks like something else. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX_LENGTH = 5;
    private static final int MAX_LENGTH = 63;

    private Names() {}

    static String generate(String base, RandomGenerator random) {
        int keep = Math.min(base.length(), MAX_LENGTH - SUFFIX_LENGTH);
        StringBuilder name = new StringBuilder(base.substring(0, keep));
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return name.toString();
    }

    /** A version 4 UUID. */
    static String uid(RandomGenerator random) {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new java.util.UUID(high, low).toString();
    }
}
