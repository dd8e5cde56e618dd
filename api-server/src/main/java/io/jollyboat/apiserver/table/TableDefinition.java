package io.jollyboat.apiserver.table;

import com.google.protobuf.Message;
import io.jollyboat.kinds.ResourceType;
import java.time.Instant;
import java.util.List;

/** A kind as a table. */
public interface TableDefinition {
    List<Column> columns();

    /**
     * The object's row: strings, Long, Boolean. As upstream's it holds all columns, also those for wide output only.
     *
     * @param now ages count to here
     */
    List<Object> cells(Message object, Instant now);

    /** Name and creation time for kinds that have nothing of their own. */
    static TableDefinition of(ResourceType<?> type) {
        return Printers.of(type);
    }
}
