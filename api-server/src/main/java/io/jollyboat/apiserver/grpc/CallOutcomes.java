package io.jollyboat.apiserver.grpc;

import io.grpc.stub.StreamObserver;
import io.jollyboat.api.objects.ObjectRef;
import io.jollyboat.errors.ApiException;
import io.jollyboat.metrics.Metrics;
import io.prometheus.metrics.core.metrics.Counter;

/** How calls end: counted, and told to those who wait. */
final class CallOutcomes {
    private final Counter total;

    CallOutcomes(Metrics metrics) {
        this.total = metrics.counter(
                "apiserver_grpc_request_total", "Calls of the gRPC door.", "verb", "group", "resource", "code");
    }

    void succeeded(String verb, ObjectRef ref) {
        count(verb, ref, 200);
    }

    void fail(String verb, ObjectRef ref, StreamObserver<?> observer, Throwable e, CallAudit audit) {
        ApiException failure = GrpcFailures.known(e, verb);
        audit.failed(failure);
        count(verb, ref, failure.code());
        observer.onError(GrpcFailures.toGrpc(failure));
    }

    private void count(String verb, ObjectRef ref, int code) {
        boolean known = code != 404;
        total.labelValues(verb, known ? ref.getGroup() : "", known ? ref.getResource() : "", Integer.toString(code))
                .inc();
    }
}
