package io.jollyboat.events;

import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.events.v1.Event;
import io.jollyboat.api.events.v1.EventSeries;
import io.jollyboat.api.meta.v1.MicroTime;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.ApiClient.PatchKind;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.Runtime.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Events of events.k8s.io, as upstream's scheduler writes them: the same again starts a series on the first one, whose
 * count is written when the series begins, every half an hour, and when it has ended.
 */
public final class SeriesEventRecorder implements AutoCloseable {
    private static final Log LOG = Log.of(SeriesEventRecorder.class);
    private static final ResourceType<Event> EVENTS = Kinds.of(Event.class);
    // MicroTime wants its six digits.
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int CAPACITY = 10_000;
    private static final int AT_ONCE = 32;
    private static final int MAX_SERIES = 100_000;
    private static final int ATTEMPTS = 12;
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration FINISH = Duration.ofMinutes(6);
    private static final Duration REFRESH = Duration.ofMinutes(30);

    private final ApiClient client;
    private final String controller;
    private final String instance;
    private final Runtime runtime;
    private final LinkedBlockingQueue<Work> queue = new LinkedBlockingQueue<>(CAPACITY);
    private final Semaphore permits = new Semaphore(AT_ONCE);
    // Guards itself and its entries: the last state of each event that may yet be repeated.
    private final Map<Key, Entry> known = new HashMap<>();
    private Thread thread;
    private Timer finish;

    /**
     * @param controller such as {@code default-scheduler}
     * @param instance the controller's name and its host's
     */
    public SeriesEventRecorder(ApiClient client, String controller, String instance, Runtime runtime) {
        this.client = client;
        this.controller = controller;
        this.instance = instance;
        this.runtime = runtime;
    }

    public synchronized void start() {
        thread = runtime.start("events " + controller, this::run);
        finish = runtime.schedule(FINISH, this::tick);
    }

    /** @param action what was being done, in one word */
    public void record(ObjectReference regarding, EventType type, String reason, String action, String note) {
        Instant now = runtime.now();
        Event event = Event.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace(References.eventNamespace(regarding))
                        .setName(References.eventName(regarding, ChronoUnit.NANOS.between(Instant.EPOCH, now))))
                .setEventTime(microTime(now))
                .setReportingController(controller)
                .setReportingInstance(instance)
                .setAction(action)
                .setReason(reason)
                .setRegarding(regarding)
                .setNote(note)
                .setType(type.text())
                .build();
        if (!queue.offer(new Record(event))) {
            LOG.warn("event dropped, too many wait", "key", regarding.getName(), "reason", reason);
        }
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
            finish.cancel();
        }
    }

    private synchronized void tick() {
        if (!thread.isInterrupted()) {
            var _ = queue.offer(new Finish());
            finish = runtime.schedule(FINISH, this::tick);
        }
    }

    private void run() {
        try {
            while (true) {
                switch (queue.take()) {
                    case Record(Event event) -> recordNow(event);
                    case Finish() -> finishSeries();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("event recorder closed", "controller", controller);
        }
    }

    private void recordNow(Event event) throws InterruptedException {
        Key key = Key.of(event);
        Entry entry;
        synchronized (known) {
            entry = known.get(key);
            if (entry == null) {
                if (known.size() >= MAX_SERIES) {
                    known.clear();
                }
                entry = new Entry(event, runtime.nanoTime());
                known.put(key, entry);
            } else {
                boolean first = !entry.event.hasSeries();
                int count = first ? 2 : entry.event.getSeries().getCount() + 1;
                entry.event = entry.event.toBuilder()
                        .setSeries(EventSeries.newBuilder().setCount(count).setLastObservedTime(event.getEventTime()))
                        .build();
                entry.seenNanos = runtime.nanoTime();
                if (!first) {
                    return; // written later, with the others to come
                }
            }
        }
        writeSoon(key, entry);
    }

    private void finishSeries() throws InterruptedException {
        long now = runtime.nanoTime();
        Map<Key, Entry> due = new HashMap<>();
        synchronized (known) {
            for (Map.Entry<Key, Entry> e : known.entrySet()) {
                Entry entry = e.getValue();
                boolean ended = now - entry.seenNanos >= FINISH.toNanos();
                if (ended || (entry.event.hasSeries() && now - entry.writtenNanos >= REFRESH.toNanos())) {
                    due.put(e.getKey(), entry);
                }
            }
            due.forEach((key, entry) -> {
                if (now - entry.seenNanos >= FINISH.toNanos()) {
                    known.remove(key);
                }
            });
        }
        for (Map.Entry<Key, Entry> e : due.entrySet()) {
            if (e.getValue().event.hasSeries()) {
                writeSoon(e.getKey(), e.getValue());
            }
        }
    }

    /** Writes of one event follow each other; those of different events overlap. */
    private void writeSoon(Key key, Entry entry) throws InterruptedException {
        synchronized (known) {
            entry.dirty = true;
            if (entry.writing) {
                return;
            }
            entry.writing = true;
        }
        permits.acquire();
        runtime.start("event write", () -> {
            try {
                writeAll(key, entry);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                permits.release();
            }
        });
    }

    private void writeAll(Key key, Entry entry) throws InterruptedException {
        while (true) {
            Event event;
            boolean created;
            synchronized (known) {
                if (!entry.dirty) {
                    entry.writing = false;
                    return;
                }
                entry.dirty = false;
                event = entry.event;
                created = entry.created;
            }
            Event stored = write(event, created);
            synchronized (known) {
                if (stored == null) {
                    known.remove(key, entry);
                    entry.writing = false;
                    return;
                }
                entry.created = true;
                entry.writtenNanos = runtime.nanoTime();
                entry.event = entry.event.toBuilder()
                        .setMetadata(stored.getMetadata())
                        .build();
            }
        }
    }

    /** Null when it was given up. */
    private Event write(Event event, boolean series) throws InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                return series
                        ? client.patch(EVENTS, EVENTS.key(event), "", PatchKind.MERGE, seriesPatch(event.getSeries()))
                        : client.create(EVENTS, event);
            } catch (ApiException e) {
                if (e.isNotFound() && series) {
                    series = false; // expired: once more, as a new one
                    event = event.toBuilder()
                            .setMetadata(event.getMetadata().toBuilder()
                                    .clearResourceVersion()
                                    .clearUid())
                            .build();
                    continue;
                }
                if (e.code() < 500 && e.code() != 429) {
                    LOG.debug("event refused", "key", EVENTS.key(event), "error", e.getMessage());
                    return null;
                }
            }
            runtime.sleep(attempt == 1 ? Duration.ofMillis(runtime.random().nextLong(RETRY.toMillis())) : RETRY);
        }
        LOG.warn("event given up", "key", EVENTS.key(event), "attempts", ATTEMPTS);
        return null;
    }

    private static String seriesPatch(EventSeries series) {
        MicroTime last = series.getLastObservedTime();
        Instant time = Instant.ofEpochSecond(last.getSeconds(), last.getNanos());
        String text = MICROS.format(time);
        return "{\"series\":{\"count\":" + series.getCount() + ",\"lastObservedTime\":\"" + text + "\"}}";
    }

    private static MicroTime microTime(Instant now) {
        return MicroTime.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano() / 1000 * 1000)
                .build();
    }

    private sealed interface Work {}

    private record Record(Event event) implements Work {}

    private record Finish() implements Work {}

    private static final class Entry {
        private Event event;
        private long seenNanos;
        private long writtenNanos;
        private boolean created;
        private boolean writing;
        private boolean dirty;

        Entry(Event event, long nanos) {
            this.event = event;
            this.seenNanos = nanos;
            this.writtenNanos = nanos;
        }
    }

    private record Key(String type, String action, String reason, ObjectReference regarding) {
        static Key of(Event event) {
            return new Key(
                    event.getType(),
                    event.getAction(),
                    event.getReason(),
                    event.getRegarding().toBuilder().clearResourceVersion().build());
        }
    }
}
