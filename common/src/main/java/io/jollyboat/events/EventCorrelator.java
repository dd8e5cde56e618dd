package io.jollyboat.events;

import io.jollyboat.api.core.v1.Event;
import io.jollyboat.api.core.v1.EventSource;
import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;

/**
 * Decides what becomes of an event, as upstream does: the same again is counted on the first one; more than ten unlike
 * messages for one reason within ten minutes become one event; a flood is dropped. Not thread-safe.
 */
final class EventCorrelator {
    private static final int CACHE = 4096;
    private static final int MAX_UNLIKE = 10;
    private static final long INTERVAL_NANOS = Duration.ofMinutes(10).toNanos();
    private static final String COMBINED = "(combined from similar events): ";

    private final Runtime runtime;
    private final SpamFilter<SpamKey> spam;
    private final LruMap<GroupKey, Group> groups = new LruMap<>(CACHE);
    private final LruMap<SameKey, Event> written = new LruMap<>(CACHE);

    EventCorrelator(Runtime runtime) {
        this.runtime = runtime;
        this.spam = new SpamFilter<>(runtime);
    }

    /** Empty when the event is to be dropped. */
    Optional<Decision> correlate(Event event) {
        Event grouped = group(event);
        SameKey key = SameKey.of(grouped);
        Event before = written.get(key);
        if (!spam.admit(new SpamKey(event.getSource(), plain(event.getInvolvedObject())))) {
            return Optional.empty();
        }
        if (before == null) {
            return Optional.of(new Decision(key, grouped, false));
        }
        Event counted = before.toBuilder()
                .setCount(before.getCount() + 1)
                .setLastTimestamp(event.getLastTimestamp())
                .setMessage(grouped.getMessage())
                .build();
        return Optional.of(new Decision(key, counted, true));
    }

    /** The API server has the event in this form. */
    void remember(Decision decision, Event stored) {
        written.put(decision.key, stored);
    }

    private Event group(Event event) {
        GroupKey key =
                new GroupKey(event.getSource(), plain(event.getInvolvedObject()), event.getType(), event.getReason());
        long now = runtime.nanoTime();
        Group group = groups.get(key);
        if (group == null || now - group.lastNanos > INTERVAL_NANOS) {
            group = new Group();
            groups.put(key, group);
        }
        group.lastNanos = now;
        group.messages.add(event.getMessage());
        if (group.messages.size() < MAX_UNLIKE) {
            return event;
        }
        group.messages.removeFirst();
        return event.toBuilder().setMessage(COMBINED + event.getMessage()).build();
    }

    /** Without what changes from one event to the next of the same object. */
    private static ObjectReference plain(ObjectReference reference) {
        return reference.toBuilder().clearResourceVersion().build();
    }

    /** What to write: a new event, or a higher count on one that was written. */
    record Decision(SameKey key, Event event, boolean counted) {}

    private record SpamKey(EventSource source, ObjectReference about) {}

    private record GroupKey(EventSource source, ObjectReference about, String type, String reason) {}

    record SameKey(EventSource source, ObjectReference about, String type, String reason, String message) {
        static SameKey of(Event event) {
            // Combined events differ in their texts and are one all the same.
            String message = event.getMessage().startsWith(COMBINED) ? COMBINED : event.getMessage();
            return new SameKey(
                    event.getSource(), plain(event.getInvolvedObject()), event.getType(), event.getReason(), message);
        }
    }

    private static final class Group {
        final LinkedHashSet<String> messages = new LinkedHashSet<>();
        long lastNanos;
    }
}
