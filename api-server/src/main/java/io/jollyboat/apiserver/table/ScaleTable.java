package io.jollyboat.apiserver.table;

import com.google.protobuf.Message;
import io.jollyboat.api.autoscaling.v1.Scale;
import java.time.Instant;
import java.util.List;

/** The table of a {@code scale} subresource, whatever it scales. */
public final class ScaleTable implements TableDefinition {
    public static final TableDefinition INSTANCE = new ScaleTable();

    private final List<Column> columns = List.of(
            new Column("Name", "string", "", "The scaled object's name.", 0),
            new Column("Desired", "integer", "", "How many instances there are to be.", 0),
            new Column("Available", "integer", "", "How many instances were observed.", 0),
            new Column("Age", "string", "", "How long ago the scaled object was created.", 0));

    private ScaleTable() {}

    @Override
    public List<Column> columns() {
        return columns;
    }

    @Override
    public List<Object> cells(Message object, Instant now) {
        Scale scale = (Scale) object;
        return List.of(
                scale.getMetadata().getName(),
                (long) scale.getSpec().getReplicas(),
                (long) scale.getStatus().getReplicas(),
                CellText.age(scale.getMetadata(), now));
    }
}
