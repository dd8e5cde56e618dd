package io.jollyboat.apiserver.grpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.objects.DeleteCollectionRequest;
import io.jollyboat.api.objects.DeleteRequest;
import io.jollyboat.api.objects.GetRequest;
import io.jollyboat.api.objects.ListChunk;
import io.jollyboat.api.objects.ListRequest;
import io.jollyboat.api.objects.ObjectRef;
import io.jollyboat.api.objects.ObjectReply;
import io.jollyboat.api.objects.ObjectServiceGrpc;
import io.jollyboat.api.objects.PatchRequest;
import io.jollyboat.api.objects.WatchBatch;
import io.jollyboat.api.objects.WatchRequest;
import io.jollyboat.api.objects.WriteRequest;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.request.AccessGate;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.Deletion;
import io.jollyboat.apiserver.request.ListPage;
import io.jollyboat.apiserver.request.ListQuery;
import io.jollyboat.apiserver.request.PatchKind;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.apiserver.request.WriteOptions;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The calls of the gRPC door, mapped to the request path that REST takes too. */
final class ObjectServiceEndpoint extends ObjectServiceGrpc.ObjectServiceImplBase {
    private static final int CHUNK_BYTES = 512 * 1024;

    private final Runtime runtime;
    private final ObjectAccess access;
    private final ObjectMessages messages;
    private final ResourceService resources;
    private final Counter total;
    private final Set<CacheWatch> watches = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    ObjectServiceEndpoint(
            Runtime runtime, AccessGate gate, ServedKinds kinds, ResourceService resources, Metrics metrics) {
        this.runtime = runtime;
        this.access = new ObjectAccess(gate, kinds);
        this.messages = new ObjectMessages(resources);
        this.resources = resources;
        this.total = metrics.counter(
                "apiserver_grpc_request_total", "Calls of the gRPC door.", "verb", "group", "resource", "code");
    }

    @Override
    public void get(GetRequest request, StreamObserver<ObjectReply> observer) {
        unary("get", request.getRef(), observer, () -> {
            Target target = access.allowed("get", request.getRef(), "", "");
            if (target.subresource().equals("scale")) {
                return ObjectMessages.reply(resources.getSubresource(target, request.getResourceVersion()));
            }
            return ObjectMessages.reply(
                    messages.bytes(target.type(), resources.get(target.main(), request.getResourceVersion())));
        });
    }

    @Override
    public void create(WriteRequest request, StreamObserver<ObjectReply> observer) {
        unary("create", request.getRef(), observer, () -> {
            ObjectRef ref = request.getRef();
            // A new object is named in its body.
            boolean main = ref.getSubresource().isEmpty();
            Target target =
                    access.allowed("create", main ? ref.toBuilder().clearName().build() : ref, "", "");
            return messages.reply(
                    target.type(),
                    resources.create(call(request), target, ObjectMessages.body(target, request.getObject())));
        });
    }

    @Override
    public void update(WriteRequest request, StreamObserver<ObjectReply> observer) {
        unary("update", request.getRef(), observer, () -> {
            Target target = access.allowed("update", request.getRef(), "", "");
            return messages.reply(
                    target.type(),
                    resources.update(
                            call(request),
                            target,
                            ObjectMessages.body(target, request.getObject()),
                            () -> access.allowed("create", request.getRef(), "", "")));
        });
    }

    @Override
    public void patch(PatchRequest request, StreamObserver<ObjectReply> observer) {
        unary("patch", request.getRef(), observer, () -> {
            Target target = access.allowed("patch", request.getRef(), "", "");
            PatchKind form = switch (request.getType()) {
                case JSON_PATCH -> PatchKind.JSON;
                case MERGE_PATCH -> PatchKind.MERGE;
                case STRATEGIC_MERGE_PATCH -> PatchKind.STRATEGIC_MERGE;
                case APPLY_PATCH -> PatchKind.APPLY;
                case PATCH_TYPE_UNSPECIFIED, UNRECOGNIZED -> throw ApiException.badRequest("unknown type of patch");
            };
            Call call = call(request.getDryRun(), request.getFieldManager());
            byte[] patch = request.getPatch().toByteArray();
            return messages.reply(
                    target.type(),
                    form == PatchKind.APPLY
                            ? resources.apply(
                                    call,
                                    target,
                                    patch,
                                    request.getForce(),
                                    () -> access.allowed("create", request.getRef(), "", ""))
                            : resources.patch(call, target, form, patch));
        });
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<ObjectReply> observer) {
        unary("delete", request.getRef(), observer, () -> {
            Target target = access.allowed("delete", request.getRef(), "", "");
            WriteOptions.check(request.getOptions());
            Call call = WriteOptions.deletion(access.user(), request.getOptions());
            Deletion deletion = resources.delete(call, target, request.getOptions());
            if (deletion.gone()) {
                return ObjectMessages.status(
                        Status.newBuilder().setStatus("Success").build());
            }
            return ObjectMessages.reply(deletion.object());
        });
    }

    @Override
    public void deleteCollection(DeleteCollectionRequest request, StreamObserver<ObjectReply> observer) {
        ListRequest selection = request.getSelection();
        unary("deletecollection", selection.getRef(), observer, () -> {
            Target target = access.allowed(
                    "deletecollection", selection.getRef(), selection.getLabelSelector(), selection.getFieldSelector());
            DeleteOptions options = request.getOptions();
            WriteOptions.check(options);
            resources.deleteCollection(
                    WriteOptions.deletion(access.user(), options), target, query(selection), options);
            return ObjectMessages.status(
                    Status.newBuilder().setStatus("Success").build());
        });
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListChunk> observer) {
        ObjectRef ref = request.getRef();
        try {
            Target target = access.allowed("list", ref, request.getLabelSelector(), request.getFieldSelector());
            ListQuery query = query(request);
            query.check(false);
            ListPage page = resources.list(target, query);
            ListChunk.Builder chunk = ListChunk.newBuilder()
                    .setResourceVersion(Long.toString(page.revision()))
                    .setContinue(page.continueToken());
            int size = 0;
            for (Entry entry : page.entries()) {
                ByteString bytes = messages.bytes(target.type(), entry);
                if (size > 0 && size + bytes.size() > CHUNK_BYTES) {
                    observer.onNext(chunk.build());
                    chunk = ListChunk.newBuilder();
                    size = 0;
                }
                chunk.addItems(bytes);
                size += bytes.size();
            }
            observer.onNext(chunk.build());
            observer.onCompleted();
            count("list", ref, 200);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            fail("list", ref, observer, e);
        }
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchBatch> observer) {
        ServerCallStreamObserver<WatchBatch> stream = (ServerCallStreamObserver<WatchBatch>) observer;
        ObjectRef ref = request.getRef();
        try {
            Target target = access.allowed("watch", ref, request.getLabelSelector(), request.getFieldSelector());
            WatchPump pump = new WatchPump(resources, target.type(), stream);
            // Callbacks of one call run one after another: the events need a thread of their own.
            runtime.start("watch " + target.type().plural(), () -> pump.run(() -> open(target, request)));
            count("watch", ref, 200);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            fail("watch", ref, observer, e);
        }
    }

    private WatchPump.Opened open(Target target, WatchRequest request) {
        ListQuery query = new ListQuery(
                request.getLabelSelector(),
                request.getFieldSelector(),
                request.getResourceVersion(),
                request.getSendInitialEvents() ? "NotOlderThan" : "",
                "",
                0,
                request.getAllowBookmarks(),
                request.getSendInitialEvents() ? Boolean.TRUE : null,
                null);
        CacheWatch watch = resources.watch(target, query);
        watches.add(watch);
        if (draining) {
            watch.close();
        }
        return new WatchPump.Opened(watch, () -> watches.remove(watch));
    }

    void endWatches() {
        draining = true;
        watches.forEach(CacheWatch::close);
    }

    private void unary(String verb, ObjectRef ref, StreamObserver<ObjectReply> observer, Supplier<ObjectReply> body) {
        try {
            ObjectReply reply = body.get();
            observer.onNext(reply);
            observer.onCompleted();
            count(verb, ref, 200);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            fail(verb, ref, observer, e);
        }
    }

    private void fail(String verb, ObjectRef ref, StreamObserver<?> observer, Throwable e) {
        ApiException failure = GrpcFailures.known(e, verb);
        count(verb, ref, failure.code());
        observer.onError(GrpcFailures.toGrpc(failure));
    }

    private void count(String verb, ObjectRef ref, int code) {
        boolean known = code != 404;
        total.labelValues(verb, known ? ref.getGroup() : "", known ? ref.getResource() : "", Integer.toString(code))
                .inc();
    }

    private Call call(WriteRequest request) {
        return call(request.getDryRun(), request.getFieldManager());
    }

    private Call call(boolean dryRun, String fieldManager) {
        return new Call(access.user(), dryRun, Strictness.WARN, fieldManager, new ArrayList<>());
    }

    private static ListQuery query(ListRequest request) {
        return new ListQuery(
                request.getLabelSelector(),
                request.getFieldSelector(),
                request.getResourceVersion(),
                request.getResourceVersionMatch(),
                request.getContinue(),
                Math.max(0, request.getLimit()),
                false,
                null,
                null);
    }
}
