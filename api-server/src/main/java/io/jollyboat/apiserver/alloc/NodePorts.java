package io.jollyboat.apiserver.alloc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jollyboat.api.core.v1.RangeAllocation;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.storage.KeyValue;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.apiserver.storage.WriteResult;
import io.jollyboat.codec.Envelope;
import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;

/**
 * Node ports, given out as upstream gives them: one bit per port in one object of the store, changed by
 * compare-and-put.
 */
final class NodePorts {
    private static final ByteString KEY = ByteString.copyFromUtf8(StorageKeys.NODE_PORTS);

    private final int first;
    private final int last;
    private final Runtime runtime;
    private final KeyValueStore store;

    /** @param range such as {@code 30000-32767} */
    NodePorts(String range, Runtime runtime, KeyValueStore store) {
        String[] ends = range.split("-", 2);
        this.first = Integer.parseInt(ends[0].strip());
        this.last = Integer.parseInt(ends[ends.length - 1].strip());
        if (first < 1 || last > 65535 || first > last) {
            throw new IllegalArgumentException(range + " is no range of ports such as 30000-32767");
        }
        this.runtime = runtime;
        this.store = store;
    }

    String range() {
        return first + "-" + last;
    }

    boolean covers(int port) {
        return port >= first && port <= last;
    }

    private record Stored(BigInteger bits, long revision) {}

    /** All ports that somebody has. */
    Set<Integer> taken() {
        BigInteger bits = read().bits;
        Set<Integer> ports = new HashSet<>();
        for (int bit = bits.getLowestSetBit(); bit >= 0 && bit < bits.bitLength(); bit++) {
            if (bits.testBit(bit)) {
                ports.add(first + bit);
            }
        }
        return ports;
    }

    /** False when somebody has the port. */
    boolean take(int port) {
        boolean[] taken = {false};
        change(bits -> {
            taken[0] = !bits.testBit(port - first);
            return bits.setBit(port - first);
        });
        return taken[0];
    }

    /** Empty when none is left. */
    OptionalInt takeAny() {
        int[] chosen = {-1};
        int size = last - first + 1;
        // Upstream keeps the lowest ports for Services that name their own.
        int reserved = size > 128 + 16 ? Math.min(Math.max(16, size / 32), 128) : 0;
        int offset = runtime.random().nextInt(size - reserved);
        change(bits -> {
            chosen[0] = free(bits, reserved, size - reserved, offset);
            if (chosen[0] < 0 && reserved > 0) {
                chosen[0] = free(bits, 0, reserved, 0);
            }
            return chosen[0] < 0 ? bits : bits.setBit(chosen[0]);
        });
        return chosen[0] < 0 ? OptionalInt.empty() : OptionalInt.of(first + chosen[0]);
    }

    private static int free(BigInteger bits, int from, int count, int offset) {
        for (int i = 0; i < count; i++) {
            int bit = from + (offset + i) % count;
            if (!bits.testBit(bit)) {
                return bit;
            }
        }
        return -1;
    }

    void release(Collection<Integer> ports) {
        List<Integer> ours = ports.stream().filter(this::covers).toList();
        if (!ours.isEmpty()) {
            change(bits -> {
                BigInteger result = bits;
                for (int port : ours) {
                    result = result.clearBit(port - first);
                }
                return result;
            });
        }
    }

    private void change(UnaryOperator<BigInteger> change) {
        while (true) {
            Stored stored = read();
            BigInteger wanted = change.apply(stored.bits);
            if (wanted.equals(stored.bits) && stored.revision != 0) {
                return;
            }
            WriteResult result = join(store.put(KEY, ByteString.copyFrom(encode(wanted)), stored.revision, 0));
            if (result instanceof WriteResult.Written) {
                return;
            }
        }
    }

    private Stored read() {
        List<KeyValue> entries = join(store.range(RangeRequest.key(KEY))).entries();
        if (entries.isEmpty()) {
            return new Stored(BigInteger.ZERO, 0);
        }
        KeyValue entry = entries.getFirst();
        try {
            RangeAllocation allocation = RangeAllocation.parseFrom(
                    Envelope.unwrap(entry.value().toByteArray()).getRaw());
            if (!allocation.getRange().equals(range())) {
                throw ApiException.of(
                        500,
                        "InternalError",
                        "node ports are kept for the range " + allocation.getRange() + ", not " + range());
            }
            return new Stored(new BigInteger(1, allocation.getData().toByteArray()), entry.modRevision());
        } catch (InvalidProtocolBufferException e) {
            throw ApiException.internal("the record of node ports cannot be read: " + e.getMessage());
        }
    }

    /** The bits as upstream's big.Int writes them: without a sign byte. */
    private byte[] encode(BigInteger bits) {
        byte[] bytes = bits.toByteArray();
        int skip = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        RangeAllocation allocation = RangeAllocation.newBuilder()
                .setMetadata(ObjectMeta.getDefaultInstance())
                .setRange(range())
                .setData(ByteString.copyFrom(bytes, skip, bytes.length - skip))
                .build();
        return Envelope.wrap("v1", "RangeAllocation", allocation.toByteString());
    }

    private static <T> T join(java.util.concurrent.CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException store) {
                throw store.toApiException();
            }
            throw e;
        }
    }
}
