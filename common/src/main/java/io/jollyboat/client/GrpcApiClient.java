package io.jollyboat.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.objects.DeleteRequest;
import io.jollyboat.api.objects.GetRequest;
import io.jollyboat.api.objects.ListChunk;
import io.jollyboat.api.objects.ListRequest;
import io.jollyboat.api.objects.ObjectRef;
import io.jollyboat.api.objects.ObjectReply;
import io.jollyboat.api.objects.ObjectServiceGrpc;
import io.jollyboat.api.objects.ObjectServiceGrpc.ObjectServiceBlockingStub;
import io.jollyboat.api.objects.PatchRequest;
import io.jollyboat.api.objects.PatchType;
import io.jollyboat.api.objects.RemoteRequest;
import io.jollyboat.api.objects.RemoteVersion;
import io.jollyboat.api.objects.WatchRequest;
import io.jollyboat.api.objects.WriteRequest;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.tls.TlsContexts;
import io.jollyboat.tls.TlsFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The client of the gRPC door. */
public final class GrpcApiClient implements ApiClient {
    private static final long CALL_TIMEOUT_SECONDS = 60;

    private final ObjectServiceGrpc.ObjectServiceStub watches;
    private final ObjectServiceBlockingStub calls;
    private final String fieldManager;
    private final Runnable onClose;
    private final Pause pause;

    private GrpcApiClient(
            ObjectServiceGrpc.ObjectServiceStub watches,
            ObjectServiceBlockingStub calls,
            String fieldManager,
            Runnable onClose,
            Pause pause) {
        this.watches = watches;
        this.calls = calls;
        this.fieldManager = fieldManager;
        this.onClose = onClose;
        this.pause = pause;
    }

    /**
     * Connects in the background; calls fail with 503 while there is no connection. The certificate files are read again
     * when they change.
     *
     * @param fieldManager names the writer in managedFields, such as {@code kubelet}
     * @throws io.jollyboat.tls.TlsException when a certificate file cannot be used
     */
    public static GrpcApiClient connect(ApiServerConfig config, String fieldManager, Runtime runtime) {
        TlsFiles files = new TlsFiles(config.certFile(), config.keyFile(), config.caFile());
        ApiChannel channel = ApiChannel.connect(config, new TlsContexts(files).grpcNettyClient(), runtime);
        return over(channel.channel(), fieldManager, channel::close, (clock, atMost) -> channel.pause(atMost));
    }

    /** Over a channel of the caller's, such as an in-process one. */
    public static GrpcApiClient over(Channel channel, String fieldManager, Runnable onClose) {
        return over(channel, fieldManager, onClose, Runtime::sleep);
    }

    private static GrpcApiClient over(Channel channel, String fieldManager, Runnable onClose, Pause pause) {
        return new GrpcApiClient(
                ObjectServiceGrpc.newStub(channel),
                ObjectServiceGrpc.newBlockingStub(channel),
                fieldManager,
                onClose,
                pause);
    }

    /** How {@link #pause} waits. */
    private interface Pause {
        void pause(Runtime runtime, Duration atMost) throws InterruptedException;
    }

    @Override
    public void pause(Runtime runtime, Duration atMost) throws InterruptedException {
        pause.pause(runtime, atMost);
    }

    /** Over the same connection as another caller; closing it closes nothing. */
    public GrpcApiClient withToken(Supplier<String> token) {
        BearerToken credentials = new BearerToken(token);
        return new GrpcApiClient(
                watches.withCallCredentials(credentials),
                calls.withCallCredentials(credentials),
                fieldManager,
                () -> {},
                pause);
    }

    @Override
    public <T extends Message> T get(ResourceType<T> type, ObjectKey key) {
        ObjectReply reply = call(stub ->
                stub.get(GetRequest.newBuilder().setRef(ref(type, key, "")).build()));
        return parse(type, reply.getObject());
    }

    @Override
    public <T extends Message> ObjectList<T> list(ResourceType<T> type, String namespace, Selection selection) {
        ListRequest request = ListRequest.newBuilder()
                .setRef(ref(type, ObjectKey.of(namespace, ""), ""))
                .setLabelSelector(selection.labelSelector())
                .setFieldSelector(selection.fieldSelector())
                .build();
        return call(stub -> {
            List<T> items = new ArrayList<>();
            String resourceVersion = "";
            for (Iterator<ListChunk> chunks = stub.list(request); chunks.hasNext(); ) {
                ListChunk chunk = chunks.next();
                if (!chunk.getResourceVersion().isEmpty()) {
                    resourceVersion = chunk.getResourceVersion();
                }
                for (ByteString item : chunk.getItemsList()) {
                    items.add(parse(type, item));
                }
            }
            return new ObjectList<>(items, resourceVersion);
        });
    }

    @Override
    public <T extends Message> T create(ResourceType<T> type, T object) {
        ObjectKey key = type.key(object);
        ObjectReply reply = call(stub -> stub.create(write(type, key, "", object)));
        return parse(type, reply.getObject());
    }

    @Override
    public <T extends Message> T update(ResourceType<T> type, T object) {
        ObjectReply reply = call(stub -> stub.update(write(type, type.key(object), "", object)));
        return parse(type, reply.getObject());
    }

    @Override
    public <T extends Message> T updateStatus(ResourceType<T> type, T object) {
        return updateSubresource(type, "status", object);
    }

    @Override
    public <T extends Message> T updateSubresource(ResourceType<T> type, String subresource, T object) {
        ObjectReply reply = call(stub -> stub.update(write(type, type.key(object), subresource, object)));
        return parse(type, reply.getObject());
    }

    @Override
    public <T extends Message> T patch(
            ResourceType<T> type, ObjectKey key, String subresource, PatchKind kind, String patch) {
        PatchRequest request = PatchRequest.newBuilder()
                .setRef(ref(type, key, subresource))
                .setType(
                        switch (kind) {
                            case JSON -> PatchType.JSON_PATCH;
                            case MERGE -> PatchType.MERGE_PATCH;
                            case STRATEGIC_MERGE -> PatchType.STRATEGIC_MERGE_PATCH;
                            case APPLY -> PatchType.APPLY_PATCH;
                        })
                .setPatch(ByteString.copyFromUtf8(patch))
                .setFieldManager(fieldManager)
                // A component owns what it applies.
                .setForce(kind == PatchKind.APPLY)
                .build();
        return parse(type, call(stub -> stub.patch(request)).getObject());
    }

    @Override
    public void delete(ResourceType<?> type, ObjectKey key, DeleteOptions options) {
        DeleteRequest request = DeleteRequest.newBuilder()
                .setRef(ref(type, key, ""))
                .setOptions(options)
                .build();
        call(stub -> stub.delete(request));
    }

    @Override
    @SuppressWarnings("unchecked") // the parser of R's prototype makes R
    public <B extends Message, R extends Message> R createSubresource(
            ResourceType<?> type, ObjectKey key, String subresource, B body, R replyPrototype) {
        ObjectReply reply = call(stub -> stub.create(write(type, key, subresource, body)));
        try {
            return (R) replyPrototype.getParserForType().parseFrom(reply.getObject());
        } catch (InvalidProtocolBufferException e) {
            throw unreadable(type, e);
        }
    }

    @Override
    public <T extends Message> Watch watch(
            ResourceType<T> type,
            String namespace,
            Selection selection,
            String resourceVersion,
            WatchListener<T> listener) {
        WatchRequest request = WatchRequest.newBuilder()
                .setRef(ref(type, ObjectKey.of(namespace, ""), ""))
                .setLabelSelector(selection.labelSelector())
                .setFieldSelector(selection.fieldSelector())
                .setResourceVersion(resourceVersion)
                .setAllowBookmarks(true)
                .build();
        GrpcWatch<T> watch = new GrpcWatch<>(type, listener);
        watches.watch(request, watch);
        return watch;
    }

    @Override
    public List<RemoteVersion> remote() {
        return call(stub -> stub.remote(RemoteRequest.getDefaultInstance())).getVersionsList();
    }

    @Override
    public void close() {
        onClose.run();
    }

    private <R> R call(Function<ObjectServiceBlockingStub, R> request) {
        try {
            return request.apply(calls.withDeadlineAfter(CALL_TIMEOUT_SECONDS, TimeUnit.SECONDS));
        } catch (StatusRuntimeException e) {
            throw StatusTrailer.toApiException(e);
        }
    }

    private WriteRequest write(ResourceType<?> type, ObjectKey key, String subresource, Message object) {
        return WriteRequest.newBuilder()
                .setRef(ref(type, key, subresource))
                .setObject(object.toByteString())
                .setFieldManager(fieldManager)
                .build();
    }

    private static ObjectRef ref(ResourceType<?> type, ObjectKey key, String subresource) {
        return ObjectRef.newBuilder()
                .setGroup(type.group())
                .setVersion(type.version())
                .setResource(type.plural())
                .setNamespace(key.namespace())
                .setName(key.name())
                .setSubresource(subresource)
                .build();
    }

    private static <T extends Message> T parse(ResourceType<T> type, ByteString bytes) {
        try {
            return type.parse(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw unreadable(type, e);
        }
    }

    private static ApiException unreadable(ResourceType<?> type, InvalidProtocolBufferException e) {
        return ApiException.of(
                500, "InternalError", "the server's " + type.kind() + " cannot be read: " + e.getMessage());
    }
}
