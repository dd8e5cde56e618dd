package io.jollyboat.apiserver.request;

import io.jollyboat.api.core.v1.Event;
import io.jollyboat.api.core.v1.EventSeries;
import io.jollyboat.api.core.v1.EventSource;

/** Between the two API groups that show the same events. */
final class EventConversion {
    private EventConversion() {}

    static Event toCore(io.jollyboat.api.events.v1.Event event) {
        Event.Builder core = Event.newBuilder();
        core.setMetadata(event.getMetadata());
        copy(event.hasEventTime(), () -> core.setEventTime(event.getEventTime()));
        if (event.hasSeries()) {
            core.setSeries(EventSeries.newBuilder()
                    .setCount(event.getSeries().getCount())
                    .setLastObservedTime(event.getSeries().getLastObservedTime()));
        }
        copy(event.hasReportingController(), () -> core.setReportingComponent(event.getReportingController()));
        copy(event.hasReportingInstance(), () -> core.setReportingInstance(event.getReportingInstance()));
        copy(event.hasAction(), () -> core.setAction(event.getAction()));
        copy(event.hasReason(), () -> core.setReason(event.getReason()));
        copy(event.hasRegarding(), () -> core.setInvolvedObject(event.getRegarding()));
        copy(event.hasRelated(), () -> core.setRelated(event.getRelated()));
        copy(event.hasNote(), () -> core.setMessage(event.getNote()));
        copy(event.hasType(), () -> core.setType(event.getType()));
        copy(event.hasDeprecatedSource(), () -> core.setSource(event.getDeprecatedSource()));
        copy(event.hasDeprecatedFirstTimestamp(), () -> core.setFirstTimestamp(event.getDeprecatedFirstTimestamp()));
        copy(event.hasDeprecatedLastTimestamp(), () -> core.setLastTimestamp(event.getDeprecatedLastTimestamp()));
        copy(event.hasDeprecatedCount(), () -> core.setCount(event.getDeprecatedCount()));
        return core.build();
    }

    static io.jollyboat.api.events.v1.Event fromCore(Event core) {
        io.jollyboat.api.events.v1.Event.Builder event = io.jollyboat.api.events.v1.Event.newBuilder();
        event.setMetadata(core.getMetadata());
        copy(core.hasEventTime(), () -> event.setEventTime(core.getEventTime()));
        if (core.hasSeries()) {
            event.setSeries(io.jollyboat.api.events.v1.EventSeries.newBuilder()
                    .setCount(core.getSeries().getCount())
                    .setLastObservedTime(core.getSeries().getLastObservedTime()));
        }
        copy(core.hasReportingComponent(), () -> event.setReportingController(core.getReportingComponent()));
        copy(core.hasReportingInstance(), () -> event.setReportingInstance(core.getReportingInstance()));
        copy(core.hasAction(), () -> event.setAction(core.getAction()));
        copy(core.hasReason(), () -> event.setReason(core.getReason()));
        copy(core.hasInvolvedObject(), () -> event.setRegarding(core.getInvolvedObject()));
        copy(core.hasRelated(), () -> event.setRelated(core.getRelated()));
        copy(core.hasMessage(), () -> event.setNote(core.getMessage()));
        copy(core.hasType(), () -> event.setType(core.getType()));
        event.setDeprecatedSource(core.hasSource() ? core.getSource() : EventSource.getDefaultInstance());
        copy(core.hasFirstTimestamp(), () -> event.setDeprecatedFirstTimestamp(core.getFirstTimestamp()));
        copy(core.hasLastTimestamp(), () -> event.setDeprecatedLastTimestamp(core.getLastTimestamp()));
        copy(core.hasCount(), () -> event.setDeprecatedCount(core.getCount()));
        return event.build();
    }

    private static void copy(boolean present, Runnable copy) {
        if (present) {
            copy.run();
        }
    }
}
