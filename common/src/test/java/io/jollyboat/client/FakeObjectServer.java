package io.jollyboat.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.objects.DeleteRequest;
import io.jollyboat.api.objects.EventType;
import io.jollyboat.api.objects.GetRequest;
import io.jollyboat.api.objects.ListChunk;
import io.jollyboat.api.objects.ListRequest;
import io.jollyboat.api.objects.ObjectRef;
import io.jollyboat.api.objects.ObjectReply;
import io.jollyboat.api.objects.ObjectServiceGrpc;
import io.jollyboat.api.objects.PatchRequest;
import io.jollyboat.api.objects.WatchBatch;
import io.jollyboat.api.objects.WatchEvent;
import io.jollyboat.api.objects.WatchRequest;
import io.jollyboat.api.objects.WriteRequest;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The gRPC door over a map, as far as the client side's tests need it: optimistic writes, lists at a revision, watches
 * that resume. Selectors are not applied. What goes wrong in practice can be done to it.
 */
public final class FakeObjectServer extends ObjectServiceGrpc.ObjectServiceImplBase implements BindableService {
    private final TreeMap<String, Message> objects = new TreeMap<>();
    private final List<Change> history = new ArrayList<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private final List<String> patches = new CopyOnWriteArrayList<>();
    private long revision = 100;
    private long compacted;
    private ApiException outage;
    private int lists;

    /** Fails every call, until told null; ends the watches. */
    public synchronized void fail(ApiException error) {
        outage = error;
        if (error != null) {
            dropWatches(error);
        }
    }

    /** Ends all watches with the error; null in peace. */
    public synchronized void dropWatches(ApiException error) {
        for (Watcher watcher : List.copyOf(watchers)) {
            if (error == null) {
                watcher.out.onCompleted();
            } else {
                watcher.out.onError(toGrpc(error));
            }
        }
        watchers.clear();
    }

    /** Forgets the history: watches from before now are refused with 410. */
    public synchronized void compact() {
        compacted = revision;
        history.clear();
    }

    public synchronized int listCalls() {
        return lists;
    }

    public synchronized int openWatches() {
        return watchers.size();
    }

    /** The bodies of all patches, in order. */
    public List<String> patches() {
        return List.copyOf(patches);
    }

    public synchronized void bookmark() {
        Pod bookmark = Pod.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setResourceVersion(Long.toString(revision)))
                .build();
        watchers.forEach(w -> w.send(EventType.BOOKMARK, bookmark));
    }

    /** Moves the revision as a write of another kind would. */
    public synchronized void bumpRevision() {
        revision++;
    }

    @SuppressWarnings("unchecked")
    public synchronized <T extends Message> T stored(ResourceType<T> type, ObjectKey key) {
        return (T) objects.get(type.qualifiedResource() + "/" + key);
    }

    @SuppressWarnings("unchecked")
    public synchronized <T extends Message> List<T> all(ResourceType<T> type) {
        return objects.entrySet().stream()
                .filter(e -> e.getKey().startsWith(type.qualifiedResource() + "/"))
                .map(e -> (T) e.getValue())
                .toList();
    }

    @Override
    public synchronized void get(GetRequest request, StreamObserver<ObjectReply> out) {
        answer(out, () -> existing(request.getRef()));
    }

    @Override
    public synchronized void list(ListRequest request, StreamObserver<ListChunk> out) {
        lists++;
        if (outage != null) {
            out.onError(toGrpc(outage));
            return;
        }
        // Two objects a chunk: clients must put them together.
        ListChunk.Builder chunk = ListChunk.newBuilder().setResourceVersion(Long.toString(revision));
        for (Message object : all(type(request.getRef()))) {
            chunk.addItems(object.toByteString());
            if (chunk.getItemsCount() == 2) {
                out.onNext(chunk.build());
                chunk = ListChunk.newBuilder();
            }
        }
        out.onNext(chunk.build());
        out.onCompleted();
    }

    @Override
    public synchronized void create(WriteRequest request, StreamObserver<ObjectReply> out) {
        answer(out, () -> {
            ResourceType<?> type = type(request.getRef());
            Message object = parse(type, request.getObject());
            if (objects.containsKey(path(type, type.key(object)))) {
                throw ApiException.alreadyExists(type, type.key(object).name());
            }
            return write(type, object, EventType.ADDED);
        });
    }

    @Override
    public synchronized void update(WriteRequest request, StreamObserver<ObjectReply> out) {
        answer(out, () -> {
            ResourceType<?> type = type(request.getRef());
            Message present = existing(request.getRef());
            Message object = parse(type, request.getObject());
            String asked = type.meta(object).getResourceVersion();
            if (!asked.isEmpty() && !asked.equals(type.meta(present).getResourceVersion())) {
                throw ApiException.conflict(type, request.getRef().getName(), "the object has been modified");
            }
            return write(type, object, EventType.MODIFIED);
        });
    }

    /** Records the patch; changes only the resourceVersion. */
    @Override
    public synchronized void patch(PatchRequest request, StreamObserver<ObjectReply> out) {
        answer(out, () -> {
            Message present = existing(request.getRef());
            patches.add(request.getPatch().toStringUtf8());
            return write(type(request.getRef()), present, EventType.MODIFIED);
        });
    }

    @Override
    public synchronized void delete(DeleteRequest request, StreamObserver<ObjectReply> out) {
        answer(out, () -> {
            ResourceType<?> type = type(request.getRef());
            Message present = existing(request.getRef());
            objects.remove(path(type, type.key(present)));
            return change(type, present, EventType.DELETED);
        });
    }

    @Override
    public synchronized void watch(WatchRequest request, StreamObserver<WatchBatch> out) {
        if (outage != null) {
            out.onError(toGrpc(outage));
            return;
        }
        long from = Long.parseLong(request.getResourceVersion());
        if (from < compacted) {
            out.onError(toGrpc(ApiException.of(410, "Expired", "too old resource version: " + from)));
            return;
        }
        Watcher watcher = new Watcher(type(request.getRef()), out);
        history.stream()
                .filter(c -> c.revision > from && c.type.equals(watcher.type))
                .forEach(c -> watcher.send(c.event, c.object));
        watchers.add(watcher);
        ((ServerCallStreamObserver<WatchBatch>) out).setOnCancelHandler(() -> remove(watcher));
    }

    private synchronized void remove(Watcher watcher) {
        watchers.remove(watcher);
    }

    private void answer(StreamObserver<ObjectReply> out, Call call) {
        try {
            if (outage != null) {
                throw outage;
            }
            Message object = call.run();
            out.onNext(ObjectReply.newBuilder().setObject(object.toByteString()).build());
            out.onCompleted();
        } catch (ApiException e) {
            out.onError(toGrpc(e));
        }
    }

    private Message existing(ObjectRef ref) {
        ResourceType<?> type = type(ref);
        Message object = objects.get(path(type, ObjectKey.of(ref.getNamespace(), ref.getName())));
        if (object == null) {
            throw ApiException.notFound(type, ref.getName());
        }
        return object;
    }

    private Message write(ResourceType<?> type, Message object, EventType event) {
        Message stored = change(type, object, event);
        objects.put(path(type, type.key(stored)), stored);
        return stored;
    }

    private Message change(ResourceType<?> type, Message object, EventType event) {
        ObjectMeta meta = type.meta(object).toBuilder()
                .setResourceVersion(Long.toString(++revision))
                .build();
        Message stored = type.withMeta(object, meta);
        history.add(new Change(revision, type, event, stored));
        watchers.stream().filter(w -> w.type.equals(type)).forEach(w -> w.send(event, stored));
        return stored;
    }

    private static ResourceType<?> type(ObjectRef ref) {
        return Kinds.builtIn()
                .byResource(ref.getGroup(), ref.getVersion(), ref.getResource())
                .orElseThrow();
    }

    private static String path(ResourceType<?> type, ObjectKey key) {
        return type.qualifiedResource() + "/" + key;
    }

    private static Message parse(ResourceType<?> type, ByteString bytes) {
        try {
            return type.parse(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw ApiException.badRequest(e.getMessage());
        }
    }

    private static StatusRuntimeException toGrpc(ApiException error) {
        Metadata trailers = new Metadata();
        trailers.put(StatusTrailer.KEY, error.status().toByteArray());
        return Status.UNKNOWN.withDescription(error.getMessage()).asRuntimeException(trailers);
    }

    private interface Call {
        Message run();
    }

    private record Change(long revision, ResourceType<?> type, EventType event, Message object) {}

    private record Watcher(ResourceType<?> type, StreamObserver<WatchBatch> out) {
        void send(EventType event, Message object) {
            out.onNext(WatchBatch.newBuilder()
                    .addEvents(WatchEvent.newBuilder().setType(event).setObject(object.toByteString()))
                    .build());
        }
    }
}
