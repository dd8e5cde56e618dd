package io.jollyboat.kubelet.cri;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.jollyboat.containerd.events.Envelope;
import io.jollyboat.containerd.events.EventsGrpc;
import io.jollyboat.containerd.events.SubscribeRequest;
import io.jollyboat.containerd.events.TaskDelete;
import io.jollyboat.containerd.events.TaskExit;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;

/**
 * Follows containerd's event stream, for runtimes without GetContainerEvents. After each (re)connection the listener
 * looks at everything; where the stream cannot be had at all it does so every second.
 */
final class ContainerdEvents {
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final EventsGrpc.EventsStub stub;
    private final Runtime runtime;
    private final ContainerRuntime.Listener listener;
    private volatile boolean closed;

    ContainerdEvents(ManagedChannel channel, Runtime runtime, ContainerRuntime.Listener listener) {
        Metadata headers = new Metadata();
        headers.put(NAMESPACE, "k8s.io");
        this.stub = EventsGrpc.newStub(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
        this.runtime = runtime;
        this.listener = listener;
    }

    void start() {
        stub.subscribe(
                SubscribeRequest.newBuilder()
                        .addFilters("topic==\"/tasks/delete\"")
                        .addFilters("topic==\"/tasks/exit\"")
                        .build(),
                new Receiver());
        listener.resync();
    }

    void close() {
        closed = true;
    }

    private final class Receiver implements ClientResponseObserver<SubscribeRequest, Envelope> {
        @Override
        public void beforeStart(ClientCallStreamObserver<SubscribeRequest> requestStream) {}

        @Override
        public void onNext(Envelope envelope) {
            try {
                if (envelope.getTopic().equals("/tasks/exit")) {
                    TaskExit event = TaskExit.parseFrom(envelope.getEvent().getValue());
                    tell(event.getContainerId(), event.getId());
                } else {
                    TaskDelete event = TaskDelete.parseFrom(envelope.getEvent().getValue());
                    tell(event.getContainerId(), event.getId());
                }
            } catch (InvalidProtocolBufferException e) {
                listener.resync();
            }
        }

        /** Processes that were executed in a container come and go without changing it. */
        private void tell(String containerId, String processId) {
            if (processId.isEmpty() || processId.equals(containerId)) {
                listener.changed(containerId);
            }
        }

        @Override
        public void onError(Throwable t) {
            onCompleted();
        }

        @Override
        public void onCompleted() {
            if (!closed) {
                runtime.schedule(RETRY, ContainerdEvents.this::start);
            }
        }
    }
}
