package io.jollyboat.events;

import io.jollyboat.api.core.v1.Event;
import io.jollyboat.api.core.v1.EventSource;
import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.ApiClient.PatchKind;
import io.jollyboat.errors.ApiException;
import io.jollyboat.events.EventCorrelator.Decision;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.LinkedBlockingQueue;

/** Events in the core group, as upstream's controllers and kubelet write them. One thread writes. */
public final class CoreEventRecorder implements EventRecorder, AutoCloseable {
    private static final Log LOG = Log.of(CoreEventRecorder.class);
    private static final ResourceType<Event> EVENTS = Kinds.of(Event.class);
    private static final int CAPACITY = 1000;
    private static final int ATTEMPTS = 12;
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final ApiClient client;
    private final EventSource source;
    private final Runtime runtime;
    private final EventCorrelator correlator;
    private final LinkedBlockingQueue<Event> queue = new LinkedBlockingQueue<>(CAPACITY);
    private Thread thread;

    /**
     * @param component such as {@code kubelet} or {@code replicaset-controller}
     * @param host the node's name where the component belongs to one, else empty
     */
    public CoreEventRecorder(ApiClient client, String component, String host, Runtime runtime) {
        this.client = client;
        EventSource.Builder from = EventSource.newBuilder().setComponent(component);
        this.source = host.isEmpty() ? from.build() : from.setHost(host).build();
        this.runtime = runtime;
        this.correlator = new EventCorrelator(runtime);
    }

    public synchronized void start() {
        thread = runtime.start("events " + source.getComponent(), this::run);
    }

    @Override
    public void record(ObjectReference about, EventType type, String reason, String message) {
        Instant now = runtime.now();
        Time time = Time.newBuilder().setSeconds(now.getEpochSecond()).build();
        Event event = Event.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace(References.eventNamespace(about))
                        .setName(References.eventName(about, ChronoUnit.NANOS.between(Instant.EPOCH, now))))
                .setInvolvedObject(about)
                .setType(type.text())
                .setReason(reason)
                .setMessage(message)
                .setSource(source)
                .setReportingComponent(source.getComponent())
                .setReportingInstance(source.getHost())
                .setFirstTimestamp(time)
                .setLastTimestamp(time)
                .setCount(1)
                .build();
        if (!queue.offer(event)) {
            LOG.warn("event dropped, too many wait", "key", about.getName(), "reason", reason);
        }
    }

    /** Drops what was not written yet. */
    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                Event event = queue.take();
                var decision = correlator.correlate(event);
                if (decision.isPresent()) {
                    write(decision.get());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("event recorder closed", "component", source.getComponent());
        }
    }

    private void write(Decision decision) throws InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                Event stored = writeOnce(decision);
                correlator.remember(
                        decision,
                        decision.event().toBuilder()
                                .setMetadata(stored.getMetadata())
                                .build());
                return;
            } catch (ApiException e) {
                if (e.code() < 500 && e.code() != 429) {
                    // Such as 403 in a namespace that is going away: will never do.
                    LOG.debug(
                            "event refused",
                            "key",
                            EVENTS.key(decision.event()),
                            "reason",
                            decision.event().getReason(),
                            "error",
                            e.getMessage());
                    return;
                }
            }
            // The first pause is of random length, that not all come back at once.
            runtime.sleep(attempt == 1 ? Duration.ofMillis(runtime.random().nextLong(RETRY.toMillis())) : RETRY);
        }
        LOG.warn("event given up", "key", EVENTS.key(decision.event()), "attempts", ATTEMPTS);
    }

    private Event writeOnce(Decision decision) {
        if (!decision.counted()) {
            return client.create(EVENTS, decision.event());
        }
        Event event = decision.event();
        try {
            return client.patch(EVENTS, EVENTS.key(event), "", PatchKind.STRATEGIC_MERGE, countPatch(event));
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            // It has expired; it goes on under a new name with the old count.
            ObjectKey key = EVENTS.key(event);
            long nanos = ChronoUnit.NANOS.between(Instant.EPOCH, runtime.now());
            return client.create(
                    EVENTS,
                    event.toBuilder()
                            .setMetadata(ObjectMeta.newBuilder()
                                    .setNamespace(key.namespace())
                                    .setName(References.eventName(event.getInvolvedObject(), nanos)))
                            .build());
        }
    }

    private static String countPatch(Event event) {
        Instant last = Instant.ofEpochSecond(event.getLastTimestamp().getSeconds());
        return "{\"count\":" + event.getCount() + ",\"lastTimestamp\":\"" + last + "\",\"message\":"
                + JsonText.quote(event.getMessage()) + "}";
    }
}
