package io.jollyboat.apiserver.grpc;

import io.grpc.stub.StreamObserver;
import io.jollyboat.api.objects.DeleteCollectionRequest;
import io.jollyboat.api.objects.DeleteRequest;
import io.jollyboat.api.objects.GetRequest;
import io.jollyboat.api.objects.ListChunk;
import io.jollyboat.api.objects.ListRequest;
import io.jollyboat.api.objects.ObjectRef;
import io.jollyboat.api.objects.ObjectReply;
import io.jollyboat.api.objects.ObjectServiceGrpc.ObjectServiceImplBase;
import io.jollyboat.api.objects.PatchRequest;
import io.jollyboat.api.objects.RemoteReply;
import io.jollyboat.api.objects.RemoteRequest;
import io.jollyboat.api.objects.WatchBatch;
import io.jollyboat.api.objects.WatchRequest;
import io.jollyboat.api.objects.WriteRequest;
import io.jollyboat.apiserver.aggregation.RemoteObjects;

/** Gives each call to this server or to the way to another one. */
final class RoutingEndpoint extends ObjectServiceImplBase {
    private final RemoteObjects objects;
    private final ObjectServiceImplBase here;
    private final ObjectServiceImplBase elsewhere;

    RoutingEndpoint(RemoteObjects objects, ObjectServiceImplBase here, ObjectServiceImplBase elsewhere) {
        this.objects = objects;
        this.here = here;
        this.elsewhere = elsewhere;
    }

    private ObjectServiceImplBase of(ObjectRef ref) {
        return objects.find(ref) == null ? here : elsewhere;
    }

    @Override
    public void get(GetRequest request, StreamObserver<ObjectReply> observer) {
        of(request.getRef()).get(request, observer);
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListChunk> observer) {
        of(request.getRef()).list(request, observer);
    }

    @Override
    public void create(WriteRequest request, StreamObserver<ObjectReply> observer) {
        of(request.getRef()).create(request, observer);
    }

    @Override
    public void update(WriteRequest request, StreamObserver<ObjectReply> observer) {
        of(request.getRef()).update(request, observer);
    }

    @Override
    public void patch(PatchRequest request, StreamObserver<ObjectReply> observer) {
        of(request.getRef()).patch(request, observer);
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<ObjectReply> observer) {
        of(request.getRef()).delete(request, observer);
    }

    @Override
    public void deleteCollection(DeleteCollectionRequest request, StreamObserver<ObjectReply> observer) {
        of(request.getSelection().getRef()).deleteCollection(request, observer);
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchBatch> observer) {
        of(request.getRef()).watch(request, observer);
    }

    @Override
    public void remote(RemoteRequest request, StreamObserver<RemoteReply> observer) {
        elsewhere.remote(request, observer);
    }
}
