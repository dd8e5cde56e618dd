package io.jollyboat.apiserver.table;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The one list of kinds with tables of their own. */
final class Printers {
    /** Gives an object's cells. */
    interface Printer<T extends Message> {
        List<Object> cells(T object, Instant now);
    }

    private record Printed<T extends Message>(Class<T> kind, List<Column> columns, Printer<T> printer)
            implements TableDefinition {
        @Override
        public List<Object> cells(Message object, Instant now) {
            return printer.cells(kind.cast(object), now);
        }
    }

    /** Every kind has a name and an age. */
    private record Plain(ResourceType<?> type) implements TableDefinition {
        private static final List<Column> COLUMNS = Column.of("Name", "Created At:date");

        @Override
        public List<Column> columns() {
            return COLUMNS;
        }

        @Override
        public List<Object> cells(Message object, Instant now) {
            ObjectMeta meta = type.meta(object);
            return List.of(
                    meta.getName(),
                    Times.isZero(meta.getCreationTimestamp()) ? "" : Times.format(meta.getCreationTimestamp()));
        }
    }

    private static final Map<ResourceType<?>, TableDefinition> OWN = new HashMap<>();

    static {
        CorePrinters.register();
        NodePrinters.register();
        VolumePrinters.register();
        WorkloadPrinters.register();
        NetworkPrinters.register();
        EventPrinters.register();
        ClusterPrinters.register();
    }

    private Printers() {}

    static TableDefinition of(ResourceType<?> type) {
        TableDefinition own = OWN.get(type);
        return own == null ? new Plain(type) : own;
    }

    static <T extends Message> void add(Class<T> kind, List<Column> columns, Printer<T> printer) {
        OWN.put(Kinds.of(kind), new Printed<>(kind, columns, printer));
    }
}
