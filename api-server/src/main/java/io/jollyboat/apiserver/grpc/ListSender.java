package io.jollyboat.apiserver.grpc;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.jollyboat.api.objects.ListChunk;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.request.ListPage;
import io.jollyboat.kinds.ResourceType;
import java.util.Iterator;

/** Sends a list in portions, the first at once, each other one when the client has room for it. */
final class ListSender {
    private static final int CHUNK_BYTES = 512 * 1024;

    private final ObjectMessages messages;
    private final ResourceType<?> type;
    private final ServerCallStreamObserver<ListChunk> stream;
    private final ReadyStream<ListChunk> ready;
    private Iterator<Entry> entries;
    private ByteString next;

    /** In the call's own callback. */
    ListSender(ObjectMessages messages, ResourceType<?> type, ServerCallStreamObserver<ListChunk> stream) {
        this.messages = messages;
        this.type = type;
        this.stream = stream;
        this.ready = new ReadyStream<>(stream, () -> {});
    }

    /** Whether that was all; else {@link #run} is to follow on another thread. */
    boolean begin(ListPage page) {
        entries = page.entries().iterator();
        stream.onNext(chunk(ListChunk.newBuilder()
                .setResourceVersion(Long.toString(page.revision()))
                .setContinue(page.continueToken())));
        if (next == null) {
            stream.onCompleted();
        }
        return next == null;
    }

    void run() {
        try {
            while (next != null) {
                if (!ready.sendInTime(chunk(ListChunk.newBuilder()))) {
                    if (!stream.isCancelled()) {
                        stream.onError(Status.DEADLINE_EXCEEDED
                                .withDescription("the client does not take the list")
                                .asRuntimeException());
                    }
                    return;
                }
            }
            stream.onCompleted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ListChunk chunk(ListChunk.Builder chunk) {
        int size = 0;
        if (next != null) {
            chunk.addItems(next);
            size = next.size();
            next = null;
        }
        while (entries.hasNext()) {
            ByteString bytes = messages.bytes(type, entries.next());
            if (size > 0 && size + bytes.size() > CHUNK_BYTES) {
                next = bytes;
                break;
            }
            chunk.addItems(bytes);
            size += bytes.size();
        }
        return chunk.build();
    }
}
