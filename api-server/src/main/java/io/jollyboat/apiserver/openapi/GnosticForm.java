package io.jollyboat.apiserver.openapi;

import io.jollyboat.api.gnostic.AdditionalPropertiesItem;
import io.jollyboat.api.gnostic.Any;
import io.jollyboat.api.gnostic.BodyParameter;
import io.jollyboat.api.gnostic.Definitions;
import io.jollyboat.api.gnostic.Document;
import io.jollyboat.api.gnostic.Info;
import io.jollyboat.api.gnostic.ItemsItem;
import io.jollyboat.api.gnostic.NamedAny;
import io.jollyboat.api.gnostic.NamedPathItem;
import io.jollyboat.api.gnostic.NamedResponseValue;
import io.jollyboat.api.gnostic.NamedSchema;
import io.jollyboat.api.gnostic.NonBodyParameter;
import io.jollyboat.api.gnostic.Operation;
import io.jollyboat.api.gnostic.Parameter;
import io.jollyboat.api.gnostic.ParametersItem;
import io.jollyboat.api.gnostic.PathItem;
import io.jollyboat.api.gnostic.PathParameter;
import io.jollyboat.api.gnostic.Paths;
import io.jollyboat.api.gnostic.QueryParameter;
import io.jollyboat.api.gnostic.Response;
import io.jollyboat.api.gnostic.ResponseValue;
import io.jollyboat.api.gnostic.Responses;
import io.jollyboat.api.gnostic.Schema;
import io.jollyboat.api.gnostic.SchemaItem;
import io.jollyboat.api.gnostic.TypeItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Turns an OpenAPI v2 document, that may be another server's, into the protobuf messages that stand for it. */
final class GnosticForm {
    private GnosticForm() {}

    static Document of(JsonNode document) {
        Paths.Builder paths = Paths.newBuilder();
        for (Map.Entry<String, JsonNode> entry : document.get("paths").properties()) {
            paths.addPath(NamedPathItem.newBuilder().setName(entry.getKey()).setValue(pathItem(entry.getValue())));
        }
        return Document.newBuilder()
                .setSwagger(document.get("swagger").asString())
                .setInfo(Info.newBuilder()
                        .setTitle(document.get("info").get("title").asString())
                        .setVersion(document.get("info").get("version").asString()))
                .setPaths(paths)
                .setDefinitions(named(document.get("definitions")))
                .build();
    }

    private static Definitions named(JsonNode schemas) {
        Definitions.Builder definitions = Definitions.newBuilder();
        for (Map.Entry<String, JsonNode> entry : schemas.properties()) {
            definitions.addAdditionalProperties(
                    NamedSchema.newBuilder().setName(entry.getKey()).setValue(schema(entry.getValue())));
        }
        return definitions.build();
    }

    private static PathItem pathItem(JsonNode item) {
        PathItem.Builder path = PathItem.newBuilder().addAllParameters(parameters(item.path("parameters")));
        for (Map.Entry<String, JsonNode> entry : item.properties()) {
            switch (entry.getKey()) {
                case "get" -> path.setGet(operation(entry.getValue()));
                case "put" -> path.setPut(operation(entry.getValue()));
                case "post" -> path.setPost(operation(entry.getValue()));
                case "delete" -> path.setDelete(operation(entry.getValue()));
                case "patch" -> path.setPatch(operation(entry.getValue()));
                default -> {
                    // The parameters, set above.
                }
            }
        }
        return path.build();
    }

    private static Operation operation(JsonNode operation) {
        Responses.Builder responses = Responses.newBuilder();
        for (Map.Entry<String, JsonNode> entry : operation.path("responses").properties()) {
            Response.Builder response = Response.newBuilder()
                    .setDescription(entry.getValue().path("description").asString(""));
            if (entry.getValue().has("schema")) {
                response.setSchema(SchemaItem.newBuilder()
                        .setSchema(schema(entry.getValue().get("schema"))));
            }
            responses.addResponseCode(NamedResponseValue.newBuilder()
                    .setName(entry.getKey())
                    .setValue(ResponseValue.newBuilder().setResponse(response)));
        }
        return Operation.newBuilder()
                .addAllTags(strings(operation.path("tags")))
                .setOperationId(operation.path("operationId").asString(""))
                .addAllConsumes(strings(operation.path("consumes")))
                .addAllProduces(strings(operation.path("produces")))
                .addAllParameters(parameters(operation.path("parameters")))
                .setResponses(responses)
                .addAllVendorExtension(extensions(operation))
                .build();
    }

    private static List<ParametersItem> parameters(JsonNode parameters) {
        List<ParametersItem> items = new ArrayList<>();
        for (JsonNode parameter : parameters) {
            Parameter.Builder builder = Parameter.newBuilder();
            String in = parameter.path("in").asString("");
            String name = parameter.path("name").asString("");
            String type = parameter.path("type").asString("");
            switch (in) {
                case "body" ->
                    builder.setBodyParameter(BodyParameter.newBuilder()
                            .setIn(in)
                            .setName(name)
                            .setRequired(true)
                            .setSchema(schema(parameter.path("schema"))));
                case "path" ->
                    builder.setNonBodyParameter(NonBodyParameter.newBuilder()
                            .setPathParameterSubSchema(PathParameter.newBuilder()
                                    .setIn(in)
                                    .setName(name)
                                    .setType(type)
                                    .setRequired(true)
                                    .setUniqueItems(true)));
                default ->
                    builder.setNonBodyParameter(NonBodyParameter.newBuilder()
                            .setQueryParameterSubSchema(QueryParameter.newBuilder()
                                    .setIn(in)
                                    .setName(name)
                                    .setType(type)
                                    .setUniqueItems(true)));
            }
            items.add(ParametersItem.newBuilder().setParameter(builder).build());
        }
        return items;
    }

    private static Schema schema(JsonNode node) {
        Schema.Builder schema = Schema.newBuilder()
                .setRef(node.path("$ref").asString(""))
                .setFormat(node.path("format").asString(""))
                .setDescription(node.path("description").asString(""))
                .addAllVendorExtension(extensions(node));
        if (node.has("type")) {
            schema.setType(TypeItem.newBuilder().addValue(node.get("type").asString("")));
        }
        if (node.has("default")) {
            schema.setDefault(any(node.get("default")));
        }
        if (node.has("required")) {
            schema.addAllRequired(strings(node.get("required")));
        }
        if (node.has("items")) {
            schema.setItems(ItemsItem.newBuilder().addSchema(schema(node.get("items"))));
        }
        // "true" is as good as a schema that says nothing.
        if (node.path("additionalProperties").isObject()
                || node.path("additionalProperties").asBoolean(false)) {
            schema.setAdditionalProperties(
                    AdditionalPropertiesItem.newBuilder().setSchema(schema(node.get("additionalProperties"))));
        }
        if (node.has("properties")) {
            schema.setProperties(named(node.get("properties")));
        }
        return schema.build();
    }

    private static List<NamedAny> extensions(JsonNode node) {
        List<NamedAny> extensions = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getKey().startsWith("x-")) {
                extensions.add(NamedAny.newBuilder()
                        .setName(entry.getKey())
                        .setValue(any(entry.getValue()))
                        .build());
            }
        }
        return extensions;
    }

    /** JSON is YAML too. */
    private static Any any(JsonNode value) {
        return Any.newBuilder().setYaml(value + "\n").build();
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(element.asString("")));
        return strings;
    }
}
