package io.jollyboat.apiserver.cache;

import java.util.ArrayList;
import java.util.List;

/**
 * The recent changes of a resource, in order. Keeps what is younger than {@link #MAX_AGE_NANOS} between {@link #MIN} and
 * {@link #MAX} changes, so that a watch that broke a moment ago goes on where it was. Not thread-safe.
 */
final class Window {
    static final int MIN = 256;
    static final int MAX = 16_384;
    static final long MAX_AGE_NANOS = 120_000_000_000L;

    /** Of objects that are kept for nothing but this: a few changes of large objects are as many as need be. */
    static final long MAX_BYTES =
            Math.max(16 << 20, java.lang.Runtime.getRuntime().maxMemory() / 16);

    /** So many of the newest entries stay decoded: their watches are just about to encode them. */
    private static final int HOT = 64;

    private Change[] changes = new Change[MIN];
    private long[] nanos = new long[MIN];
    private int head;
    private int size;
    private long bytes;
    private long startsAfter;

    Window(long startsAfter) {
        this.startsAfter = startsAfter;
    }

    /** Changes after this revision are here, all of them. */
    long startsAfter() {
        return startsAfter;
    }

    void add(Change change, long now) {
        if (size == changes.length) {
            makeRoom(now);
        }
        int at = index(size);
        changes[at] = change;
        nanos[at] = now;
        size++;
        bytes += weight(change);
        while (bytes > MAX_BYTES && size > 1) {
            forgetOldest();
        }
        if (size > HOT && changes[index(size - 1 - HOT)].after() != null) {
            changes[index(size - 1 - HOT)].after().cool();
        }
    }

    /** What happened after the revision, which is not before {@link #startsAfter}. */
    List<Change> since(long revision) {
        int from = 0;
        int to = size;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (changes[index(middle)].revision() <= revision) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        List<Change> since = new ArrayList<>(size - from);
        for (int i = from; i < size; i++) {
            since.add(changes[index(i)]);
        }
        return since;
    }

    private void makeRoom(long now) {
        if (size < MAX && now - nanos[head] < MAX_AGE_NANOS) {
            grow();
            return;
        }
        // Not one by one: a resource that calms down gives its memory back.
        do {
            forgetOldest();
        } while (size >= MIN && now - nanos[head] >= MAX_AGE_NANOS);
    }

    private static int weight(Change change) {
        return change.either().body().size();
    }

    private void forgetOldest() {
        Change oldest = changes[head];
        startsAfter = oldest.revision();
        bytes -= weight(oldest);
        changes[head] = null;
        head = (head + 1) % changes.length;
        size--;
    }

    private void grow() {
        Change[] moreChanges = new Change[changes.length * 2];
        long[] moreNanos = new long[changes.length * 2];
        for (int i = 0; i < size; i++) {
            moreChanges[i] = changes[index(i)];
            moreNanos[i] = nanos[index(i)];
        }
        changes = moreChanges;
        nanos = moreNanos;
        head = 0;
    }

    private int index(int i) {
        return (head + i) % changes.length;
    }
}
