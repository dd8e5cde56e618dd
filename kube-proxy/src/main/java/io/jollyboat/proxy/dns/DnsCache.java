package io.jollyboat.proxy.dns;

import io.jollyboat.runtime.Runtime;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers of other servers, for as long as they allow, at most half a minute. Thread-safe. */
final class DnsCache {
    private static final int MAX_SECONDS = 30;
    private static final int FAILURE_SECONDS = 5;
    private static final int MAX_ENTRIES = 2_000;
    private static final int MAX_BYTES = 4_096;

    private final Runtime runtime;
    private final Map<Key, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

    DnsCache(Runtime runtime) {
        this.runtime = runtime;
    }

    /** What makes two questions the same. */
    record Key(String name, int type, int recordClass, boolean edns, boolean dnssecOk, boolean checkingDisabled) {
        static Key of(DnsQuery query) {
            return new Key(
                    query.name(),
                    query.type(),
                    query.recordClass(),
                    query.edns(),
                    query.dnssecOk(),
                    query.checkingDisabled());
        }
    }

    private record Entry(DnsResponse response, long atNanos, int seconds) {}

    /** A response with the times that are left, or null. The id and the question are still those of another client. */
    synchronized byte[] get(Key key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        int age = (int) ((runtime.nanoTime() - entry.atNanos()) / 1_000_000_000L);
        if (age >= entry.seconds()) {
            entries.remove(key);
            return null;
        }
        byte[] response = entry.response().bytes().clone();
        DnsResponse.parse(response).age(age);
        return response;
    }

    synchronized void put(Key key, DnsResponse response) {
        int seconds = keepSeconds(response);
        if (seconds <= 0 || response.truncated() || response.bytes().length > MAX_BYTES) {
            return;
        }
        entries.put(key, new Entry(DnsResponse.parse(response.bytes().clone()), runtime.nanoTime(), seconds));
        if (entries.size() > MAX_ENTRIES) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    private static int keepSeconds(DnsResponse response) {
        int code = response.code();
        if (code == ResponseCode.SERVER_FAILURE.number()) {
            return 0;
        }
        if (code != 0 && code != ResponseCode.NO_SUCH_NAME.number()) {
            return 0;
        }
        return Math.min(MAX_SECONDS, response.lifetimeSeconds(FAILURE_SECONDS));
    }

    /** Makes a response that another client got this client's. */
    static byte[] addressed(byte[] response, DnsQuery query) {
        ByteBuffer out = ByteBuffer.wrap(response.clone());
        out.putShort(0, (short) query.id());
        // The same name and so the same length: the case is the client's.
        out.put(DnsQuery.HEADER, query.question());
        return out.array();
    }
}
