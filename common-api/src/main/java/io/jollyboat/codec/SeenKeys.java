package io.jollyboat.codec;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Finds keys that occur twice in one JSON map. */
final class SeenKeys {
    private static final int FEW = 24;

    private int[] hashes = new int[8];
    private byte[][] keys = new byte[8][];
    private int count;
    private Set<String> many;

    /** True where the key was there already. */
    boolean add(byte[] text, int start, int end) {
        if (many != null) {
            return !many.add(string(text, start, end));
        }
        int hash = 1;
        for (int i = start; i < end; i++) {
            hash = hash * 31 + text[i];
        }
        for (int i = 0; i < count; i++) {
            if (hashes[i] == hash && Arrays.equals(keys[i], 0, keys[i].length, text, start, end)) {
                return true;
            }
        }
        if (count == FEW) {
            many = new HashSet<>();
            for (int i = 0; i < count; i++) {
                many.add(string(keys[i], 0, keys[i].length));
            }
            return !many.add(string(text, start, end));
        }
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
            keys = Arrays.copyOf(keys, 2 * count);
        }
        hashes[count] = hash;
        keys[count++] = Arrays.copyOfRange(text, start, end);
        return false;
    }

    private static String string(byte[] text, int start, int end) {
        return new String(text, start, end - start, java.nio.charset.StandardCharsets.UTF_8);
    }
}
