package io.jollyboat.apiserver.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.jollyboat.api.apiextensions.v1.JSON;
import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.api.apiextensions.v1.JSONSchemaPropsOrBool;
import io.jollyboat.apiserver.schema.SchemaNode.Alternatives;
import io.jollyboat.apiserver.schema.SchemaNode.CompiledPattern;
import io.jollyboat.apiserver.schema.SchemaNode.Limits;
import io.jollyboat.apiserver.schema.SchemaNode.ListType;
import io.jollyboat.apiserver.schema.SchemaNode.Others;
import io.jollyboat.apiserver.schema.SchemaNode.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes places out of the declared schema, each different one once. */
final class SchemaCompiler {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** What upstream takes for the type of a field that is a number or a text. */
    private static final String INT_OR_STRING = "integer,string";

    private final boolean forDefaults;
    private final Map<Object, Object> known = new HashMap<>();

    /** @param forDefaults as upstream looks at default values: every format counts, int-or-string is no type */
    SchemaCompiler(boolean forDefaults) {
        this.forDefaults = forDefaults;
    }

    SchemaNode compile(JSONSchemaProps schema) {
        boolean either = schema.getXKubernetesIntOrString() && !forDefaults;
        String typeText = either ? INT_OR_STRING : schema.getType().isEmpty() ? null : same(schema.getType());
        int types = either ? Kind.INTEGER.bit() | Kind.STRING.bit() : Kind.bit(schema.getType());
        JSONSchemaPropsOrBool others = schema.getAdditionalProperties();
        Shape shape = new Shape(
                types,
                typeText,
                schema.getNullable(),
                schema.getXKubernetesPreserveUnknownFields(),
                schema.getXKubernetesEmbeddedResource(),
                schema.getXKubernetesIntOrString(),
                defaultValue(schema),
                properties(schema.getPropertiesMap()),
                schema.getItems().hasSchema() ? compile(schema.getItems().getSchema()) : null,
                others(schema),
                others.hasSchema() ? compile(others.getSchema()) : null,
                listType(schema.getXKubernetesListType()),
                same(List.copyOf(schema.getXKubernetesListMapKeysList())),
                schema.getXKubernetesMapType().equals("atomic"),
                same(limits(schema, types, typeText)),
                alternatives(schema));
        Shape pruned = forDefaults ? shape : withPrunedDefault(shape);
        return (SchemaNode) known.computeIfAbsent(pruned, key -> new SchemaNode((Shape) key));
    }

    /** What a default has beyond its schema, as old definitions may, is never filled in. */
    private static Shape withPrunedDefault(Shape shape) {
        if (shape.defaultValue() == null || !shape.defaultValue().isContainer()) {
            return shape;
        }
        SchemaNode node = new SchemaNode(shape);
        JsonNode value = shape.defaultValue().deepCopy();
        Pruner.prune(value, node, shape.embedded());
        EmbeddedObjects.coerce(value, node, true);
        return new Shape(
                shape.types(),
                shape.typeText(),
                shape.nullable(),
                shape.preserves(),
                shape.embedded(),
                shape.intOrString(),
                value,
                shape.properties(),
                shape.items(),
                shape.others(),
                shape.additional(),
                shape.listType(),
                shape.mapKeys(),
                shape.atomicMap(),
                shape.limits(),
                shape.alternatives());
    }

    /** A default of null is none. */
    private static JsonNode defaultValue(JSONSchemaProps schema) {
        JsonNode value = schema.hasDefault() ? read(schema.getDefault()) : null;
        return value == null || value.isNull() ? null : value;
    }

    private Map<String, SchemaNode> properties(Map<String, JSONSchemaProps> declared) {
        Map<String, SchemaNode> compiled = HashMap.newHashMap(declared.size());
        declared.forEach((name, child) -> compiled.put(same(name), compile(child)));
        return Map.copyOf(compiled);
    }

    private static Others others(JSONSchemaProps schema) {
        if (!schema.hasAdditionalProperties()) {
            return Others.UNSAID;
        }
        if (schema.getAdditionalProperties().hasSchema()) {
            return Others.TYPED;
        }
        return schema.getAdditionalProperties().getAllows() ? Others.ALLOWED : Others.FORBIDDEN;
    }

    private static ListType listType(String text) {
        return switch (text) {
            case "set" -> ListType.SET;
            case "map" -> ListType.MAP;
            default -> ListType.ATOMIC;
        };
    }

    private Limits limits(JSONSchemaProps schema, int types, String typeText) {
        return new Limits(
                Formats.counted(schema.getFormat(), types, typeText, forDefaults),
                schema.hasMultipleOf() ? schema.getMultipleOf() : null,
                schema.hasMaximum() ? schema.getMaximum() : null,
                schema.getExclusiveMaximum(),
                schema.hasMinimum() ? schema.getMinimum() : null,
                schema.getExclusiveMinimum(),
                schema.hasMaxLength() ? schema.getMaxLength() : null,
                schema.hasMinLength() ? schema.getMinLength() : null,
                pattern(schema.getPattern()),
                schema.hasMaxItems() ? schema.getMaxItems() : null,
                schema.hasMinItems() ? schema.getMinItems() : null,
                schema.getUniqueItems(),
                schema.hasMaxProperties() ? schema.getMaxProperties() : null,
                schema.hasMinProperties() ? schema.getMinProperties() : null,
                schema.getRequiredList().stream().map(this::same).toList(),
                schema.getEnumList().stream().map(SchemaCompiler::read).toList());
    }

    /** A pattern that is none matches nothing; definitions with such are refused. */
    private CompiledPattern pattern(String text) {
        if (text.isEmpty()) {
            return null;
        }
        Object found = known.computeIfAbsent(new PatternKey(text), key -> {
            try {
                return new CompiledPattern(text, Pattern.compile(text));
            } catch (PatternSyntaxException _) {
                return new CompiledPattern(text, null);
            }
        });
        return (CompiledPattern) found;
    }

    private Alternatives alternatives(JSONSchemaProps schema) {
        boolean any = schema.getAllOfCount() + schema.getAnyOfCount() + schema.getOneOfCount() > 0 || schema.hasNot();
        return any
                ? new Alternatives(
                        compile(schema.getAllOfList()),
                        compile(schema.getAnyOfList()),
                        compile(schema.getOneOfList()),
                        schema.hasNot() ? compile(schema.getNot()) : null)
                : null;
    }

    private List<SchemaNode> compile(List<JSONSchemaProps> schemas) {
        return schemas.stream().map(this::compile).toList();
    }

    static JsonNode read(JSON json) {
        try {
            return MAPPER.readTree(json.getRaw().toByteArray());
        } catch (JacksonException _) {
            return MAPPER.nullNode();
        }
    }

    @SuppressWarnings("unchecked") // A value is kept under itself.
    private <T> T same(T value) {
        return (T) known.computeIfAbsent(value, key -> key);
    }

    private record PatternKey(String text) {}
}
