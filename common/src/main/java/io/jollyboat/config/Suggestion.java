package io.jollyboat.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What was probably meant by a word nobody knows. */
final class Suggestion {
    private Suggestion() {}

    /** The known word that takes the fewest edits, if these are few for the word's length. */
    static Optional<String> of(String word, Collection<String> known) {
        int limit = Math.max(1, Math.min(3, word.length() / 3));
        return known.stream()
                .filter(k -> distance(word, k) <= limit)
                .min(Comparator.comparingInt(k -> distance(word, k)));
    }

    /** Insertions, deletions, replacements and swaps of neighbours; case is a lesser matter and counts nothing. */
    static int distance(String first, String second) {
        String a = first.toLowerCase(Locale.ROOT);
        String b = second.toLowerCase(Locale.ROOT);
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
