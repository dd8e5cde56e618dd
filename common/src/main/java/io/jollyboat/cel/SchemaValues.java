package io.jollyboat.cel;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** JSON trees as values of the types that their schema declares. */
public final class SchemaValues {

    private SchemaValues() {}

    /**
     * The value of a tree.
     *
     * @param schema its schema in the JSON form of a CRD
     * @param root whether it is a whole resource
     */
    public static Object of(JsonNode tree, JsonNode schema, boolean root) {
        return of(tree, root ? SchemaTypes.withTypeAndObjectMeta(schema) : schema);
    }

    static Object of(JsonNode tree, JsonNode schema) {
        if (tree.isNull()) {
            if (SchemaTypes.flag(schema, "nullable")) {
                return Null.NULL;
            }
            throw new EvalError("invalid data, got null for schema with nullable=false");
        }
        if (SchemaTypes.flag(schema, "x-kubernetes-int-or-string")) {
            if (tree.isString() || tree.isIntegralNumber()) {
                return Values.of(tree);
            }
            throw new EvalError("invalid data, expected XIntOrString value to be either a string or integer");
        }
        String type = schema.path("type").stringValue("");
        return switch (type) {
            case "object" -> {
                expect(tree.isObject(), "invalid data, expected a map for the provided schema with type=object");
                boolean embedded = SchemaTypes.flag(schema, "x-kubernetes-embedded-resource");
                yield new SchemaMap(tree, embedded ? SchemaTypes.withTypeAndObjectMeta(schema) : schema);
            }
            case "array" -> {
                expect(tree.isArray(), "invalid data, expected an array for the provided schema with type=array");
                expect(schema.path("items").isObject(), "invalid array type, expected Items with a non-empty Schema");
                yield new SchemaList(tree, schema);
            }
            case "string" -> {
                expect(tree.isString(), "invalid data, expected string, got " + goType(tree));
                yield text(tree.stringValue(), schema.path("format").stringValue(""));
            }
            case "number" -> {
                expect(tree.isNumber(), "invalid data, expected float, got " + goType(tree));
                yield tree.doubleValue();
            }
            case "integer" -> {
                expect(tree.isIntegralNumber(), "invalid data, expected int, got " + goType(tree));
                yield tree.longValue();
            }
            case "boolean" -> {
                expect(tree.isBoolean(), "invalid data, expected bool, got " + goType(tree));
                yield tree.booleanValue();
            }
            default -> {
                expect(
                        SchemaTypes.flag(schema, "x-kubernetes-preserve-unknown-fields"),
                        "invalid type, expected object, array, number, integer, boolean or string, or no type with"
                                + " x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got "
                                + type);
                yield Values.of(tree);
            }
        };
    }

    private static void expect(boolean right, String otherwise) {
        if (!right) {
            throw new EvalError(otherwise);
        }
    }

    private static String goType(JsonNode tree) {
        return switch (tree.getNodeType()) {
            case OBJECT -> "map[string]interface {}";
            case ARRAY -> "[]interface {}";
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> tree.isIntegralNumber() ? "int64" : "float64";
            default -> "<nil>";
        };
    }

    private static Object text(String text, String format) {
        return switch (format) {
            case "duration" -> {
                Duration duration = TimeFunctions.parse(text);
                expect(
                        duration != null,
                        "Invalid duration " + text + ": unable to parse " + GoText.quote(text) + " as duration");
                yield duration;
            }
            case "date" -> {
                expect(FormatFunctions.isDate(text), "Invalid date formatted string " + text);
                yield LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            case "date-time" -> {
                expect(FormatFunctions.isDateTime(text), "Invalid date-time formatted string " + text);
                yield TimeFunctions.timestamp(
                        text.substring(0, 10) + "T" + text.substring(11).replace('z', 'Z'));
            }
            case "byte" -> {
                expect(text.isEmpty() || FormatFunctions.isBase64(text), "Invalid byte formatted string " + text);
                yield ByteString.copyFrom(Base64.getDecoder().decode(text));
            }
            default -> text;
        };
    }
}
