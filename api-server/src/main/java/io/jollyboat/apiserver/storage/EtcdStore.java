package io.jollyboat.apiserver.storage;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.CompactionResponse;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.jollyboat.apiserver.storage.RangeRequest.Want;
import io.jollyboat.runtime.Runtime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * etcd, through jetcd's generated stubs: its client costs twice the CPU. All calls share one connection; answers and
 * events are handled on its event loop.
 */
public final class EtcdStore implements KeyValueStore {
    private static final ByteString REVISION_PROBE = ByteString.copyFromUtf8(StorageKeys.COMPACTION);

    private final ManagedChannel channel;
    private final Runtime runtime;
    private final long timeoutMillis;

    private EtcdStore(EtcdConfig config, Runtime runtime) {
        this.channel = EtcdChannel.open(config, runtime);
        this.runtime = runtime;
        this.timeoutMillis = config.requestTimeout().toMillis();
    }

    /** Begins to connect; does not wait for it. */
    public static EtcdStore open(EtcdConfig config, Runtime runtime) {
        return new EtcdStore(config, runtime);
    }

    @Override
    public CompletableFuture<RangeResult> range(RangeRequest request) {
        return call(KVGrpc.getRangeMethod(), convert(request), false, EtcdStore::convert);
    }

    @Override
    public CompletableFuture<WriteResult> put(
            ByteString key, ByteString value, long expectedModRevision, long leaseId) {
        return write(
                key,
                expectedModRevision,
                RequestOp.newBuilder()
                        .setRequestPut(PutRequest.newBuilder()
                                .setKey(key)
                                .setValue(value)
                                .setLease(leaseId))
                        .build());
    }

    @Override
    public CompletableFuture<WriteResult> delete(ByteString key, long expectedModRevision) {
        return write(
                key,
                expectedModRevision,
                RequestOp.newBuilder()
                        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key))
                        .build());
    }

    @Override
    public Watch watch(ByteString prefix, long startRevision, WatchListener listener) {
        EtcdWatch watch = new EtcdWatch(channel, runtime, this::currentRevision, prefix, startRevision, listener);
        watch.open();
        return watch;
    }

    @Override
    public CompletableFuture<Long> currentRevision() {
        return call(
                KVGrpc.getRangeMethod(),
                convert(RangeRequest.key(REVISION_PROBE).want(Want.COUNT)),
                false,
                response -> response.getHeader().getRevision());
    }

    @Override
    public CompletableFuture<Long> grantLease(long ttlSeconds) {
        return call(
                LeaseGrpc.getLeaseGrantMethod(),
                LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build(),
                false,
                LeaseGrantResponse::getID);
    }

    @Override
    public CompletableFuture<Void> compact(long revision) {
        return call(
                KVGrpc.getCompactMethod(),
                CompactionRequest.newBuilder().setRevision(revision).build(),
                true,
                (CompactionResponse response) -> null);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private CompletableFuture<WriteResult> write(ByteString key, long expectedModRevision, RequestOp change) {
        TxnRequest transaction = TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(key)
                        .setTarget(Compare.CompareTarget.MOD)
                        .setResult(Compare.CompareResult.EQUAL)
                        .setModRevision(expectedModRevision))
                .addSuccess(change)
                .addFailure(RequestOp.newBuilder()
                        .setRequestRange(
                                io.etcd.jetcd.api.RangeRequest.newBuilder().setKey(key)))
                .build();
        return call(KVGrpc.getTxnMethod(), transaction, true, EtcdStore::convert);
    }

    private <Q, A, R> CompletableFuture<R> call(
            MethodDescriptor<Q, A> method, Q request, boolean write, Function<A, R> convert) {
        CompletableFuture<R> result = new CompletableFuture<>();
        StreamObserver<A> observer = new StreamObserver<A>() {
            @Override
            public void onNext(A answer) {
                result.complete(convert.apply(answer));
            }

            @Override
            public void onError(Throwable error) {
                result.completeExceptionally(EtcdErrors.of(error, write));
            }

            @Override
            public void onCompleted() {}
        };
        // Outside of the caller's gRPC context: others may wait for the same answer when the caller has gone, and a
        // write that has begun is to end.
        Context.ROOT.run(() -> ClientCalls.asyncUnaryCall(
                channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)),
                request,
                observer));
        return result;
    }

    private static io.etcd.jetcd.api.RangeRequest convert(RangeRequest request) {
        return io.etcd.jetcd.api.RangeRequest.newBuilder()
                .setKey(request.start())
                .setRangeEnd(request.end())
                .setRevision(request.revision())
                .setLimit(request.limit())
                .setKeysOnly(request.want() == Want.KEYS)
                .setCountOnly(request.want() == Want.COUNT)
                .build();
    }

    private static RangeResult convert(RangeResponse response) {
        List<KeyValue> entries = new ArrayList<>(response.getKvsCount());
        for (io.etcd.jetcd.api.KeyValue entry : response.getKvsList()) {
            entries.add(convert(entry));
        }
        return new RangeResult(
                entries,
                response.getMore(),
                response.getCount(),
                response.getHeader().getRevision());
    }

    private static WriteResult convert(TxnResponse response) {
        long revision = response.getHeader().getRevision();
        if (response.getSucceeded()) {
            return new WriteResult.Written(revision);
        }
        RangeResponse current = response.getResponses(0).getResponseRange();
        return new WriteResult.Conflict(revision, current.getKvsCount() == 0 ? null : convert(current.getKvs(0)));
    }

    static KeyValue convert(io.etcd.jetcd.api.KeyValue entry) {
        return new KeyValue(
                entry.getKey(), entry.getValue(), entry.getCreateRevision(), entry.getModRevision(), entry.getLease());
    }
}
