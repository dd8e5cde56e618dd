package io.jollyboat.apiserver.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.jollyboat.codec.JsonFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What stands in a request's path and query. */
final class Parameters {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String PARAMETERS = "parameters";
    private static final Map<String, String> PATH = Map.of(
            "namespace", "Namespace of the object.",
            "path", "What follows in the path is asked of the target.");

    private static final Comparator<JsonNode> ORDER = Comparator.comparing(Parameters::name)
            .thenComparing(parameter -> parameter.path("in").asString(""));

    private final boolean v3;
    private final Descriptions descriptions;

    Parameters(boolean v3, Descriptions descriptions) {
        this.v3 = v3;
        this.descriptions = descriptions;
    }

    /** A part of the path. */
    ObjectNode path(String name, String kind) {
        return parameter("path", name, "string", PATH.getOrDefault(name, "Name of the " + kind + "."));
    }

    ObjectNode pretty() {
        return parameter(
                "query",
                "pretty",
                "string",
                "With true, the answer is in lines of its own; curl and wget get it so without asking.");
    }

    ObjectNode query(String name, String type, String description) {
        return parameter("query", name, type, description);
    }

    /** The fields of a message of options that a query can have. */
    List<ObjectNode> of(Descriptor options) {
        List<ObjectNode> parameters = new ArrayList<>();
        JsonFields.of(options).forEach((name, field) -> {
            if (field.getJavaType() != JavaType.MESSAGE) {
                parameters.add(parameter("query", name, type(field), descriptions.of(field)));
            }
        });
        return parameters;
    }

    private static String type(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT, LONG -> "integer";
            case BOOLEAN -> "boolean";
            case STRING -> "string";
            case FLOAT, DOUBLE, BYTE_STRING, ENUM, MESSAGE -> throw new IllegalArgumentException(field.getFullName());
        };
    }

    private ObjectNode parameter(String in, String name, String type, String description) {
        ObjectNode parameter = NODES.objectNode().put("name", name).put("in", in);
        if (!description.isEmpty()) {
            parameter.put("description", description);
        }
        if (in.equals("path")) {
            parameter.put("required", true);
        }
        ObjectNode schema = v3 ? parameter.putObject("schema") : parameter;
        schema.put("type", type).put("uniqueItems", true);
        return parameter;
    }

    /** Puts the parameters that all operations of a path have in common at the path. */
    static void share(ObjectNode item) {
        List<List<JsonNode>> all = new ArrayList<>();
        item.forEach(
                operation -> all.add(operation.path(PARAMETERS).valueStream().toList()));
        List<JsonNode> common = all.getFirst().stream()
                .filter(parameter -> !parameter.path("in").asString("").equals("body"))
                .filter(parameter -> all.stream().allMatch(list -> list.contains(parameter)))
                .toList();
        item.forEach(operation -> {
            ArrayNode own = NODES.arrayNode();
            operation
                    .path(PARAMETERS)
                    .valueStream()
                    .filter(parameter -> !common.contains(parameter))
                    .sorted(ORDER)
                    .forEach(own::add);
            if (own.isEmpty()) {
                ((ObjectNode) operation).remove(PARAMETERS);
            } else {
                ((ObjectNode) operation).set(PARAMETERS, own);
            }
        });
        if (!common.isEmpty()) {
            ArrayNode shared = item.putArray(PARAMETERS);
            common.stream().sorted(ORDER).forEach(shared::add);
        }
    }

    private static String name(JsonNode parameter) {
        return parameter.path("name").asString("");
    }
}
