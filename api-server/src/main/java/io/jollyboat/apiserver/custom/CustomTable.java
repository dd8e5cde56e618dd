package io.jollyboat.apiserver.custom;

import com.google.protobuf.Message;
import io.jollyboat.api.apiextensions.v1.CustomResourceColumnDefinition;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.apiserver.table.CellText;
import io.jollyboat.apiserver.table.Column;
import io.jollyboat.apiserver.table.TableDefinition;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A custom resource as a table: its name and the columns of its definition, else its age. */
public final class CustomTable implements TableDefinition {
    private static final String AGE_PATH = ".metadata.creationTimestamp";

    private record Cell(String type, JsonPath path) {}

    private final CustomVersion version;
    private final List<Column> columns;
    private final List<Cell> cells;

    private CustomTable(CustomVersion version, List<Column> columns, List<Cell> cells) {
        this.version = version;
        this.columns = columns;
        this.cells = cells;
    }

    static CustomTable of(CustomVersion version, List<CustomResourceColumnDefinition> declared) {
        List<CustomResourceColumnDefinition> shown = declared.isEmpty()
                ? List.of(CustomResourceColumnDefinition.newBuilder()
                        .setName("Age")
                        .setType("date")
                        .setDescription("How long ago the object was created.")
                        .setJsonPath(AGE_PATH)
                        .build())
                : declared;
        List<Column> columns = new ArrayList<>();
        columns.add(new Column(
                "Name", "string", "name", "The object's name, unique among those of its kind and namespace.", 0));
        List<Cell> cells = new ArrayList<>();
        for (CustomResourceColumnDefinition column : shown) {
            String description = column.getDescription().isEmpty()
                    ? "Custom resource definition column (in JSONPath format): " + column.getJsonPath()
                    : column.getDescription();
            columns.add(new Column(
                    column.getName(), column.getType(), column.getFormat(), description, column.getPriority()));
            cells.add(new Cell(column.getType(), JsonPath.of(column.getJsonPath())));
        }
        return new CustomTable(version, List.copyOf(columns), List.copyOf(cells));
    }

    @Override
    public List<Column> columns() {
        return columns;
    }

    @Override
    public List<Object> cells(Message object, Instant now) {
        CustomObject custom = (CustomObject) object;
        JsonNode document = JsonPath.document(custom, version.type());
        List<Object> row = new ArrayList<>();
        row.add(custom.getMetadata().getName());
        for (Cell cell : cells) {
            row.add(cell.path()
                    .first(document)
                    .map(value -> cell(cell.type(), value, now))
                    .orElse(null));
        }
        return row;
    }

    /** Null where the value is of another type than the column. */
    private static Object cell(String type, JsonNode value, Instant now) {
        return switch (type) {
            case "string" -> value.isNull() ? "<no value>" : JsonPath.text(value);
            case "integer" -> value.isNumber() ? (Object) value.numberValue().longValue() : null;
            case "number" -> number(value);
            case "boolean" -> value.isBoolean() ? (Object) value.booleanValue() : null;
            case "date" -> value.isString() ? date(value.asString(), now) : null;
            default -> null;
        };
    }

    private static Object number(JsonNode value) {
        if (!value.isNumber()) {
            return null;
        }
        double number = value.doubleValue();
        return number == Math.rint(number) && Math.abs(number) < 0x1p53 ? (Object) (long) number : (Object) number;
    }

    private static String date(String text, Instant now) {
        if (text.isEmpty() || text.equals("null")) {
            return "<unknown>";
        }
        try {
            Instant time = java.time.OffsetDateTime.parse(text).toInstant();
            return CellText.since(
                    Time.newBuilder().setSeconds(time.getEpochSecond()).build(), now);
        } catch (DateTimeParseException e) {
            return "<invalid>";
        }
    }
}
