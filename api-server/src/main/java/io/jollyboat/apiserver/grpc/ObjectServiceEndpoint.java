package io.jollyboat.apiserver.grpc;

import com.google.protobuf.Message;
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
import io.jollyboat.apiserver.audit.AuditAnnotations;
import io.jollyboat.apiserver.cache.CacheWatch;
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
import io.jollyboat.runtime.Runtime;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The calls of the gRPC door, mapped to the request path that REST takes too. */
final class ObjectServiceEndpoint extends ObjectServiceGrpc.ObjectServiceImplBase {
    private final Runtime runtime;
    private final ObjectAccess access;
    private final CallAudits audits;
    private final CallOutcomes outcomes;
    private final ObjectMessages messages;
    private final ResourceService resources;
    private final Set<CacheWatch> watches = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    ObjectServiceEndpoint(
            Runtime runtime, ObjectAccess access, CallAudits audits, CallOutcomes outcomes, ResourceService resources) {
        this.runtime = runtime;
        this.access = access;
        this.audits = audits;
        this.outcomes = outcomes;
        this.messages = new ObjectMessages(resources);
        this.resources = resources;
    }

    @Override
    public void get(GetRequest request, StreamObserver<ObjectReply> observer) {
        unary("get", request.getRef(), observer, work -> {
            Target target = work.allowed("get", request.getRef());
            if (target.subresource().equals("scale")) {
                return ObjectMessages.reply(resources.getSubresource(target, request.getResourceVersion()));
            }
            return ObjectMessages.reply(
                    messages.bytes(target.type(), resources.get(target.main(), request.getResourceVersion())));
        });
    }

    @Override
    public void create(WriteRequest request, StreamObserver<ObjectReply> observer) {
        // A new object is named in its body.
        boolean main = request.getRef().getSubresource().isEmpty();
        ObjectRef ref = main ? request.getRef().toBuilder().clearName().build() : request.getRef();
        unary("create", ref, observer, work -> {
            Target target = work.allowed("create", ref);
            Message body = work.audit.came(target, ObjectMessages.body(target, request.getObject()));
            return messages.reply(target.type(), resources.create(call(request, work), target, body));
        });
    }

    @Override
    public void update(WriteRequest request, StreamObserver<ObjectReply> observer) {
        unary("update", request.getRef(), observer, work -> {
            Target target = work.allowed("update", request.getRef());
            Message body = work.audit.came(target, ObjectMessages.body(target, request.getObject()));
            return messages.reply(
                    target.type(),
                    resources.update(call(request, work), target, body, () -> mayCreate(request.getRef())));
        });
    }

    @Override
    public void patch(PatchRequest request, StreamObserver<ObjectReply> observer) {
        unary("patch", request.getRef(), observer, work -> {
            Target target = work.allowed("patch", request.getRef());
            PatchKind form = switch (request.getType()) {
                case JSON_PATCH -> PatchKind.JSON;
                case MERGE_PATCH -> PatchKind.MERGE;
                case STRATEGIC_MERGE_PATCH -> PatchKind.STRATEGIC_MERGE;
                case APPLY_PATCH -> PatchKind.APPLY;
                case PATCH_TYPE_UNSPECIFIED, UNRECOGNIZED -> throw ApiException.badRequest("unknown type of patch");
            };
            Call call = call(request.getDryRun(), request.getFieldManager(), work);
            byte[] patch = request.getPatch().toByteArray();
            work.audit.camePatch(patch);
            return messages.reply(
                    target.type(),
                    form == PatchKind.APPLY
                            ? resources.apply(
                                    call, target, patch, request.getForce(), () -> mayCreate(request.getRef()))
                            : resources.patch(call, target, form, patch));
        });
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<ObjectReply> observer) {
        unary("delete", request.getRef(), observer, work -> {
            Target target = work.allowed("delete", request.getRef());
            WriteOptions.check(request.getOptions());
            work.audit.came(request.getOptions(), "meta.k8s.io/v1", "DeleteOptions");
            Call call =
                    WriteOptions.deletion(access.user(), request.getOptions()).audited(work.audit.notes());
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
        unary("deletecollection", selection.getRef(), observer, work -> {
            Target target = access.allowed(
                    "deletecollection",
                    selection.getRef(),
                    selection.getLabelSelector(),
                    selection.getFieldSelector(),
                    work.audit.notes());
            DeleteOptions options = request.getOptions();
            WriteOptions.check(options);
            work.audit.came(options, "meta.k8s.io/v1", "DeleteOptions");
            Call call = WriteOptions.deletion(access.user(), options).audited(work.audit.notes());
            resources.deleteCollection(call, target, query(selection), options);
            return ObjectMessages.status(
                    Status.newBuilder().setStatus("Success").build());
        });
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListChunk> observer) {
        ObjectRef ref = request.getRef();
        CallAudit begun = CallAudit.NONE;
        try {
            CallAudit audit = audits.begin("list", ref, request.getLabelSelector(), request.getFieldSelector());
            begun = audit;
            Target target =
                    access.allowed("list", ref, request.getLabelSelector(), request.getFieldSelector(), audit.notes());
            ListQuery query = query(request);
            query.check(false);
            ListPage page = resources.list(target, query);
            audit.listed(resources, target, page);
            ListSender sender = new ListSender(messages, target.type(), (ServerCallStreamObserver<ListChunk>) observer);
            if (sender.begin(page)) {
                ended(ref, audit);
                return;
            }
            // Callbacks of one call run one after another, so whoever waits for the client is not in one.
            runtime.start("list " + target.type().plural(), () -> {
                try {
                    sender.run();
                    ended(ref, audit);
                } catch (RuntimeException | LinkageError | StackOverflowError e) {
                    outcomes.fail("list", ref, observer, e, audit);
                    audit.complete();
                }
            });
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            outcomes.fail("list", ref, observer, e, begun);
            begun.complete();
        }
    }

    private void ended(ObjectRef ref, CallAudit audit) {
        outcomes.succeeded("list", ref);
        audit.complete();
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchBatch> observer) {
        ServerCallStreamObserver<WatchBatch> stream = (ServerCallStreamObserver<WatchBatch>) observer;
        ObjectRef ref = request.getRef();
        CallAudit begun = CallAudit.NONE;
        try {
            CallAudit audit = audits.begin("watch", ref, request.getLabelSelector(), request.getFieldSelector());
            begun = audit;
            Target target =
                    access.allowed("watch", ref, request.getLabelSelector(), request.getFieldSelector(), audit.notes());
            WatchPump pump = new WatchPump(resources, target.type(), stream);
            // Callbacks of one call run one after another: the events need a thread of their own.
            runtime.start("watch " + target.type().plural(), () -> pump.run(() -> open(target, request, audit)));
            outcomes.succeeded("watch", ref);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            outcomes.fail("watch", ref, observer, e, begun);
            begun.complete();
        }
    }

    private WatchPump.Opened open(Target target, WatchRequest request, CallAudit audit) {
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
        CacheWatch watch;
        try {
            watch = resources.watch(target, query);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            audit.failed(GrpcFailures.known(e, "watch"));
            audit.complete();
            throw e;
        }
        audit.started();
        watches.add(watch);
        if (draining) {
            watch.close();
        }
        return new WatchPump.Opened(watch, () -> {
            watches.remove(watch);
            audit.complete();
        });
    }

    void endWatches() {
        draining = true;
        watches.forEach(CacheWatch::close);
    }

    /** One call under way. */
    private final class Work {
        private final CallAudit audit;
        private Target target;

        Work(CallAudit audit) {
            this.audit = audit;
        }

        Target allowed(String verb, ObjectRef ref) {
            target = access.allowed(verb, ref, "", "", audit.notes());
            return target;
        }
    }

    private void unary(
            String verb, ObjectRef ref, StreamObserver<ObjectReply> observer, Function<Work, ObjectReply> body) {
        CallAudit audit = CallAudit.NONE;
        try {
            audit = audits.begin(verb, ref, "", "");
            Work work = new Work(audit);
            ObjectReply reply = body.apply(work);
            audit.replied(verb.equals("create") ? 201 : 200, work.target, reply);
            observer.onNext(reply);
            observer.onCompleted();
            outcomes.succeeded(verb, ref);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            outcomes.fail(verb, ref, observer, e, audit);
        } finally {
            audit.complete();
        }
    }

    private void mayCreate(ObjectRef ref) {
        access.allowed("create", ref, "", "", AuditAnnotations.NONE);
    }

    private Call call(WriteRequest request, Work work) {
        return call(request.getDryRun(), request.getFieldManager(), work);
    }

    private Call call(boolean dryRun, String fieldManager, Work work) {
        return new Call(access.user(), dryRun, Strictness.WARN, fieldManager, new ArrayList<>())
                .audited(work.audit.notes());
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
