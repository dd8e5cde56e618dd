package io.jollyboat.apiserver.table;

import static io.jollyboat.apiserver.table.CellText.since;

import io.jollyboat.api.core.v1.Event;
import io.jollyboat.api.core.v1.ObjectReference;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Events, in both of their groups. */
final class EventPrinters {
    private static final List<Column> COLUMNS = Column.of(
            "Last Seen",
            "Type",
            "Reason",
            "Object",
            "Subobject*",
            "Source*",
            "Message",
            "First Seen*",
            "Count*",
            "Name*");

    private EventPrinters() {}

    static void register() {
        List<Column> columns = COLUMNS.stream()
                .map(column -> column.name().equals("Name")
                        ? new Column("Name", "string", "name", column.description(), 1)
                        : column)
                .toList();
        Printers.add(Event.class, columns, EventPrinters::cells);
        Printers.add(io.jollyboat.api.events.v1.Event.class, columns, (event, now) -> cells(core(event), now));
    }

    private static List<Object> cells(Event event, Instant now) {
        String first =
                event.hasFirstTimestamp() ? since(event.getFirstTimestamp(), now) : since(event.getEventTime(), now);
        String last = event.hasLastTimestamp() ? since(event.getLastTimestamp(), now) : first;
        long count = event.getCount() == 0 ? 1 : event.getCount();
        if (event.hasSeries()) {
            last = since(event.getSeries().getLastObservedTime(), now);
            count = event.getSeries().getCount();
        }
        ObjectReference object = event.getInvolvedObject();
        String kind = object.getKind().toLowerCase(Locale.ROOT);
        String component = firstOf(event.getSource().getComponent(), event.getReportingComponent());
        String host = firstOf(event.getSource().getHost(), event.getReportingInstance());
        return List.of(
                last,
                event.getType(),
                event.getReason(),
                object.getName().isEmpty() ? kind : kind + "/" + object.getName(),
                object.getFieldPath(),
                host.isEmpty() ? component : component + ", " + host,
                event.getMessage().strip(),
                first,
                count,
                event.getMetadata().getName());
    }

    private static String firstOf(String preferred, String other) {
        return preferred.isEmpty() ? other : preferred;
    }

    /** The same event in the core group's terms, as far as the cells go. */
    private static Event core(io.jollyboat.api.events.v1.Event event) {
        Event.Builder core = Event.newBuilder()
                .setMetadata(event.getMetadata())
                .setInvolvedObject(event.getRegarding())
                .setReason(event.getReason())
                .setMessage(event.getNote())
                .setType(event.getType())
                .setCount(event.getDeprecatedCount())
                .setSource(event.getDeprecatedSource())
                .setReportingComponent(event.getReportingController())
                .setReportingInstance(event.getReportingInstance());
        if (event.hasDeprecatedFirstTimestamp()) {
            core.setFirstTimestamp(event.getDeprecatedFirstTimestamp());
        }
        if (event.hasDeprecatedLastTimestamp()) {
            core.setLastTimestamp(event.getDeprecatedLastTimestamp());
        }
        if (event.hasEventTime()) {
            core.setEventTime(event.getEventTime());
        }
        if (event.hasSeries()) {
            core.getSeriesBuilder()
                    .setCount(event.getSeries().getCount())
                    .setLastObservedTime(event.getSeries().getLastObservedTime());
        }
        return core.build();
    }
}
