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
import io.jollyboat.api.objects.RemoteReply;
import io.jollyboat.api.objects.RemoteRequest;
import io.jollyboat.api.objects.RemoteResource;
import io.jollyboat.api.objects.RemoteVersion;
import io.jollyboat.api.objects.WatchBatch;
import io.jollyboat.api.objects.WatchRequest;
import io.jollyboat.api.objects.WriteRequest;
import io.jollyboat.apiserver.aggregation.Aggregation;
import io.jollyboat.apiserver.aggregation.RemoteApi;
import io.jollyboat.apiserver.aggregation.RemoteObjects;
import io.jollyboat.apiserver.aggregation.RemoteObjects.Request;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** Calls about objects of other API servers: rights are asked for here, the rest is theirs. */
final class RemoteEndpoint extends ObjectServiceGrpc.ObjectServiceImplBase {
    /** Of a list: the other server's memory is spared, and this one's. */
    private static final int PAGE = 500;

    private static final String JSON = "application/json";

    private final Runtime runtime;
    private final ObjectAccess access;
    private final CallAudits audits;
    private final CallOutcomes outcomes;
    private final Aggregation aggregation;
    private final RemoteObjects objects;
    private final Set<RemotePump> pumps = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    RemoteEndpoint(
            Runtime runtime, ObjectAccess access, CallAudits audits, CallOutcomes outcomes, Aggregation aggregation) {
        this.runtime = runtime;
        this.access = access;
        this.audits = audits;
        this.outcomes = outcomes;
        this.aggregation = aggregation;
        this.objects = aggregation.objects();
    }

    @Override
    public void remote(RemoteRequest request, StreamObserver<RemoteReply> observer) {
        ObjectRef none = ObjectRef.getDefaultInstance();
        try {
            access.allowedDiscovery();
            observer.onNext(RemoteReply.newBuilder()
                    .addAllVersions(aggregation.discovery().remote())
                    .build());
            observer.onCompleted();
            outcomes.succeeded("remote", none);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            outcomes.fail("remote", none, observer, e, CallAudit.NONE);
        }
    }

    @Override
    public void get(GetRequest request, StreamObserver<ObjectReply> observer) {
        ObjectRef ref = request.getRef();
        Map<String, String> query = new TreeMap<>();
        put(query, "resourceVersion", request.getResourceVersion());
        unary("get", ref, observer, user -> Request.of(user, "GET", ref, query));
    }

    @Override
    public void create(WriteRequest request, StreamObserver<ObjectReply> observer) {
        ObjectRef ref = request.getRef().getSubresource().isEmpty()
                ? request.getRef().toBuilder().clearName().build()
                : request.getRef();
        unary("create", ref, observer, user -> write("POST", user, ref, request));
    }

    @Override
    public void update(WriteRequest request, StreamObserver<ObjectReply> observer) {
        unary("update", request.getRef(), observer, user -> write("PUT", user, request.getRef(), request));
    }

    private Request write(String method, UserInfo user, ObjectRef ref, WriteRequest request) {
        if (!ref.getSubresource().isEmpty() && !ref.getSubresource().equals("status")) {
            throw ApiException.of(
                    405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        }
        return new Request(
                user,
                method,
                ref,
                options(request.getDryRun(), request.getFieldManager()),
                JSON,
                RemoteObjects.json(ref, request.getObject(), kind(ref)));
    }

    private String kind(ObjectRef ref) {
        for (RemoteVersion version : aggregation.discovery().remote()) {
            if (version.getGroup().equals(ref.getGroup())
                    && version.getVersion().equals(ref.getVersion())) {
                for (RemoteResource resource : version.getResourcesList()) {
                    if (resource.getName().equals(ref.getResource())) {
                        return resource.getKind();
                    }
                }
            }
        }
        throw ApiException.of(404, "NotFound", "the server could not find the requested resource");
    }

    @Override
    public void patch(PatchRequest request, StreamObserver<ObjectReply> observer) {
        ObjectRef ref = request.getRef();
        unary("patch", ref, observer, user -> {
            String type = switch (request.getType()) {
                case JSON_PATCH -> "application/json-patch+json";
                case MERGE_PATCH -> "application/merge-patch+json";
                case STRATEGIC_MERGE_PATCH -> "application/strategic-merge-patch+json";
                case APPLY_PATCH -> "application/apply-patch+yaml";
                case PATCH_TYPE_UNSPECIFIED, UNRECOGNIZED -> throw ApiException.badRequest("unknown type of patch");
            };
            Map<String, String> query = options(request.getDryRun(), request.getFieldManager());
            if (request.getForce()) {
                query.put("force", "true");
            }
            return new Request(user, "PATCH", ref, query, type, request.getPatch());
        });
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<ObjectReply> observer) {
        ObjectRef ref = request.getRef();
        unary("delete", ref, observer, user -> deletion(user, ref, Map.of(), request.getOptions()));
    }

    @Override
    public void deleteCollection(DeleteCollectionRequest request, StreamObserver<ObjectReply> observer) {
        ListRequest selection = request.getSelection();
        unary(
                "deletecollection",
                selection.getRef(),
                observer,
                user -> deletion(user, selection.getRef(), query(selection), request.getOptions()));
    }

    private static Request deletion(UserInfo user, ObjectRef ref, Map<String, String> query, DeleteOptions options) {
        return new Request(
                user,
                "DELETE",
                ref,
                query,
                JSON,
                ByteString.copyFrom(JsonCodec.encode(options, "v1", "DeleteOptions")));
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListChunk> observer) {
        ObjectRef ref = request.getRef();
        CallAudit audit = CallAudit.NONE;
        try {
            audit = audits.begin("list", ref, request.getLabelSelector(), request.getFieldSelector());
            UserInfo user = access.allowedElsewhere(
                    "list", ref, request.getLabelSelector(), request.getFieldSelector(), audit.notes());
            Map<String, String> query = query(request);
            put(query, "limit", Long.toString(request.getLimit() > 0 ? request.getLimit() : PAGE));
            pages(request, user, query, observer);
            audit.replied(200);
            observer.onCompleted();
            outcomes.succeeded("list", ref);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcomes.fail("list", ref, observer, ending(), audit);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            outcomes.fail("list", ref, observer, e, audit);
        } finally {
            audit.complete();
        }
    }

    /** A chunk for each page; all of them where the caller did not ask for one. */
    private void pages(
            ListRequest request, UserInfo user, Map<String, String> query, StreamObserver<ListChunk> observer)
            throws InterruptedException {
        String more;
        do {
            JsonNode list = objects.call(find(request.getRef()), Request.of(user, "GET", request.getRef(), query));
            more = list.at("/metadata/continue").asString("");
            ListChunk.Builder chunk = ListChunk.newBuilder()
                    .setResourceVersion(list.at("/metadata/resourceVersion").asString(""))
                    .setContinue(request.getLimit() > 0 ? more : "");
            for (JsonNode item : list.path("items")) {
                chunk.addItems(RemoteObjects.object(item).toByteString());
            }
            observer.onNext(chunk.build());
            query.put("continue", more);
            // The rest is of the same version anyway.
            query.remove("resourceVersion");
            query.remove("resourceVersionMatch");
        } while (!more.isEmpty() && request.getLimit() <= 0);
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchBatch> observer) {
        ServerCallStreamObserver<WatchBatch> stream = (ServerCallStreamObserver<WatchBatch>) observer;
        ObjectRef ref = request.getRef();
        CallAudit audit = CallAudit.NONE;
        try {
            audit = audits.begin("watch", ref, request.getLabelSelector(), request.getFieldSelector());
            UserInfo user = access.allowedElsewhere(
                    "watch", ref, request.getLabelSelector(), request.getFieldSelector(), audit.notes());
            Map<String, String> query = new TreeMap<>(Map.of("watch", "true"));
            put(query, "labelSelector", request.getLabelSelector());
            put(query, "fieldSelector", request.getFieldSelector());
            put(query, "resourceVersion", request.getResourceVersion());
            put(query, "allowWatchBookmarks", request.getAllowBookmarks() ? "true" : "");
            if (request.getSendInitialEvents()) {
                query.put("sendInitialEvents", "true");
                query.put("resourceVersionMatch", "NotOlderThan");
            }
            start(stream, ref, Request.of(user, "GET", ref, query), audit);
            outcomes.succeeded("watch", ref);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            outcomes.fail("watch", ref, observer, e, audit);
            audit.complete();
        }
    }

    private void start(ServerCallStreamObserver<WatchBatch> stream, ObjectRef ref, Request request, CallAudit audit) {
        RemotePump pump = new RemotePump(stream);
        pumps.add(pump);
        if (draining) {
            pump.close();
        }
        // Callbacks of one call run one after another: the events need a thread of their own.
        runtime.start("watch " + ref.getResource(), () -> {
            try {
                audit.started();
                pump.run(giving -> objects.watch(find(ref), request, giving));
            } finally {
                pumps.remove(pump);
                audit.complete();
            }
        });
    }

    void endWatches() {
        draining = true;
        pumps.forEach(RemotePump::close);
    }

    /** It may have gone since the call came. */
    private RemoteApi find(ObjectRef ref) {
        RemoteApi api = objects.find(ref);
        if (api == null) {
            throw ApiException.of(404, "NotFound", "the server could not find the requested resource");
        }
        return api;
    }

    /** Makes of a caller the request that is passed on. */
    @FunctionalInterface
    private interface Asking {
        Request request(UserInfo user);
    }

    private void unary(String verb, ObjectRef ref, StreamObserver<ObjectReply> observer, Asking asking) {
        CallAudit audit = CallAudit.NONE;
        try {
            audit = audits.begin(verb, ref, "", "");
            UserInfo user = access.allowedElsewhere(verb, ref, "", "", audit.notes());
            JsonNode answer = objects.call(find(ref), asking.request(user));
            audit.replied(verb.equals("create") ? 201 : 200);
            observer.onNext(reply(answer));
            observer.onCompleted();
            outcomes.succeeded(verb, ref);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcomes.fail(verb, ref, observer, ending(), audit);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            outcomes.fail(verb, ref, observer, e, audit);
        } finally {
            audit.complete();
        }
    }

    private static ApiException ending() {
        return ApiException.of(503, "ServiceUnavailable", "the server is shutting down");
    }

    private static ObjectReply reply(JsonNode answer) {
        boolean status = answer.path("kind").asString("").equals("Status")
                && answer.path("apiVersion").asString("v1").equals("v1");
        return status
                ? ObjectMessages.status(Status.newBuilder().setStatus("Success").build())
                : ObjectMessages.reply(RemoteObjects.object(answer));
    }

    private static Map<String, String> query(ListRequest request) {
        Map<String, String> query = new TreeMap<>();
        put(query, "labelSelector", request.getLabelSelector());
        put(query, "fieldSelector", request.getFieldSelector());
        put(query, "resourceVersion", request.getResourceVersion());
        put(query, "resourceVersionMatch", request.getResourceVersionMatch());
        put(query, "continue", request.getContinue());
        return query;
    }

    private static Map<String, String> options(boolean dryRun, String fieldManager) {
        Map<String, String> query = new TreeMap<>();
        put(query, "dryRun", dryRun ? "All" : "");
        put(query, "fieldManager", fieldManager);
        return query;
    }

    private static void put(Map<String, String> query, String name, String value) {
        if (!value.isEmpty()) {
            query.put(name, value);
        }
    }
}
