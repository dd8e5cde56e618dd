package io.jollyboat.codec;

import java.util.Arrays;

/** The entries of a map field, sorted by their keys' bytes as Go prints them. */
final class MapEntries {
    private final WireReader reader;
    private final FieldPlan field;
    /** Start and end of the key, and place of the value or -1, per entry. */
    private int[] entries = new int[48];

    int count;

    MapEntries(WireReader reader, FieldPlan field) {
        this.reader = reader;
        this.field = field;
    }

    int keyStart(int entry) {
        return entries[3 * entry];
    }

    int keyEnd(int entry) {
        return entries[3 * entry + 1];
    }

    int value(int entry) {
        return entries[3 * entry + 2];
    }

    void collect(int first, int last) {
        reader.at = first;
        while (true) {
            boolean done = reader.at == last;
            int end = reader.delimitedEnd();
            entry(end);
            reader.at = end;
            if (done) {
                break;
            }
            int tag = (int) reader.varint();
            while (tag >>> 3 != field.number) {
                reader.skip(tag & 7);
                tag = (int) reader.varint();
            }
        }
        sort(0, count);
    }

    private void entry(int end) {
        if (3 * count + 3 > entries.length) {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        int at = 3 * count++;
        entries[at] = 0;
        entries[at + 1] = 0;
        entries[at + 2] = -1;
        while (reader.at < end) {
            int tag = (int) reader.varint();
            if (tag >>> 3 == 1) {
                int keyEnd = reader.delimitedEnd();
                entries[at] = reader.at;
                entries[at + 1] = keyEnd;
                reader.at = keyEnd;
                continue;
            }
            if (tag >>> 3 == 2) {
                entries[at + 2] = reader.at;
            }
            reader.skip(tag & 7);
        }
    }

    /** Insertion for the small maps there usually are, merging above. */
    private void sort(int from, int to) {
        if (to - from > 16) {
            int middle = (from + to) >>> 1;
            sort(from, middle);
            sort(middle, to);
            merge(from, middle, to);
            return;
        }
        for (int i = from + 1; i < to; i++) {
            for (int j = i; j > from && compare(j - 1, j) > 0; j--) {
                for (int k = 0; k < 3; k++) {
                    int held = entries[3 * j + k];
                    entries[3 * j + k] = entries[3 * (j - 1) + k];
                    entries[3 * (j - 1) + k] = held;
                }
            }
        }
    }

    private void merge(int from, int middle, int to) {
        int[] merged = new int[3 * (to - from)];
        int left = from;
        int right = middle;
        for (int at = 0; at < merged.length; at += 3) {
            boolean takeLeft = right == to || (left < middle && compare(left, right) <= 0);
            int source = takeLeft ? left++ : right++;
            System.arraycopy(entries, 3 * source, merged, at, 3);
        }
        System.arraycopy(merged, 0, entries, 3 * from, merged.length);
    }

    private int compare(int left, int right) {
        return Arrays.compareUnsigned(
                reader.in, keyStart(left), keyEnd(left), reader.in, keyStart(right), keyEnd(right));
    }
}
