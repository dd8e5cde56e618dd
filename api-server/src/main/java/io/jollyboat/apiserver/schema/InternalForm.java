package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSON;
import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.api.apiextensions.v1.JSONSchemaPropsOrArray;
import io.jollyboat.api.apiextensions.v1.JSONSchemaPropsOrBool;
import io.jollyboat.api.apiextensions.v1.JSONSchemaPropsOrStringArray;
import io.jollyboat.api.apiextensions.v1.ValidationRule;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Schemas and rules as upstream's errors print them: the structures that it works with inside, with all their fields. */
final class InternalForm {
    private static final String NONE = "null";

    private final StringJoiner fields = new StringJoiner(",", "{", "}");

    private InternalForm() {}

    /** To be shown without quotes. */
    static Object of(JSONSchemaProps schema) {
        return new GoJson.Bare(text(schema));
    }

    /** To be shown without quotes. */
    static Object of(ValidationRule rule) {
        return new GoJson.Bare(text(rule));
    }

    private static String text(ValidationRule rule) {
        return new InternalForm()
                .text("Rule", rule.getRule())
                .text("Message", rule.getMessage())
                .text("MessageExpression", rule.getMessageExpression())
                .raw("Reason", rule.hasReason() ? GoJson.text(rule.getReason()) : NONE)
                .text("FieldPath", rule.getFieldPath())
                .raw("OptionalOldSelf", rule.hasOptionalOldSelf() ? String.valueOf(rule.getOptionalOldSelf()) : NONE)
                .toString();
    }

    private static String text(JSONSchemaProps schema) {
        return new InternalForm()
                .text("ID", schema.getId())
                .text("Schema", schema.getSchema())
                .raw("Ref", schema.hasRef() ? GoJson.text(schema.getRef()) : NONE)
                .text("Description", schema.getDescription())
                .text("Type", schema.getType())
                .raw("Nullable", schema.getNullable())
                .text("Format", schema.getFormat())
                .text("Title", schema.getTitle())
                .raw("Default", schema.hasDefault() ? json(schema.getDefault()) : NONE)
                .raw("Maximum", schema.hasMaximum() ? Numbers.json(schema.getMaximum()) : NONE)
                .raw("ExclusiveMaximum", schema.getExclusiveMaximum())
                .raw("Minimum", schema.hasMinimum() ? Numbers.json(schema.getMinimum()) : NONE)
                .raw("ExclusiveMinimum", schema.getExclusiveMinimum())
                .raw("MaxLength", schema.hasMaxLength() ? schema.getMaxLength() : NONE)
                .raw("MinLength", schema.hasMinLength() ? schema.getMinLength() : NONE)
                .text("Pattern", schema.getPattern())
                .raw("MaxItems", schema.hasMaxItems() ? schema.getMaxItems() : NONE)
                .raw("MinItems", schema.hasMinItems() ? schema.getMinItems() : NONE)
                .raw("UniqueItems", schema.getUniqueItems())
                .raw("MultipleOf", schema.hasMultipleOf() ? Numbers.json(schema.getMultipleOf()) : NONE)
                .raw("Enum", list(schema.getEnumList(), InternalForm::json))
                .raw("MaxProperties", schema.hasMaxProperties() ? schema.getMaxProperties() : NONE)
                .raw("MinProperties", schema.hasMinProperties() ? schema.getMinProperties() : NONE)
                .raw("Required", list(schema.getRequiredList(), GoJson::text))
                .raw("Items", schema.hasItems() ? text(schema.getItems()) : NONE)
                .raw("AllOf", list(schema.getAllOfList(), InternalForm::text))
                .raw("OneOf", list(schema.getOneOfList(), InternalForm::text))
                .raw("AnyOf", list(schema.getAnyOfList(), InternalForm::text))
                .raw("Not", schema.hasNot() ? text(schema.getNot()) : NONE)
                .raw("Properties", map(schema.getPropertiesMap(), InternalForm::text))
                .raw(
                        "AdditionalProperties",
                        schema.hasAdditionalProperties() ? text(schema.getAdditionalProperties()) : NONE)
                .raw("PatternProperties", map(schema.getPatternPropertiesMap(), InternalForm::text))
                .raw("Dependencies", map(schema.getDependenciesMap(), InternalForm::text))
                .raw("AdditionalItems", schema.hasAdditionalItems() ? text(schema.getAdditionalItems()) : NONE)
                .raw("Definitions", map(schema.getDefinitionsMap(), InternalForm::text))
                .raw("ExternalDocs", schema.hasExternalDocs() ? documents(schema) : NONE)
                .raw("Example", schema.hasExample() ? json(schema.getExample()) : NONE)
                .raw(
                        "XPreserveUnknownFields",
                        schema.hasXKubernetesPreserveUnknownFields()
                                ? schema.getXKubernetesPreserveUnknownFields()
                                : NONE)
                .raw("XEmbeddedResource", schema.getXKubernetesEmbeddedResource())
                .raw("XIntOrString", schema.getXKubernetesIntOrString())
                .raw("XListMapKeys", list(schema.getXKubernetesListMapKeysList(), GoJson::text))
                .raw("XListType", schema.hasXKubernetesListType() ? GoJson.text(schema.getXKubernetesListType()) : NONE)
                .raw("XMapType", schema.hasXKubernetesMapType() ? GoJson.text(schema.getXKubernetesMapType()) : NONE)
                .raw("XValidations", list(schema.getXKubernetesValidationsList(), InternalForm::text))
                .toString();
    }

    private static String documents(JSONSchemaProps schema) {
        return new InternalForm()
                .text("Description", schema.getExternalDocs().getDescription())
                .text("URL", schema.getExternalDocs().getUrl())
                .toString();
    }

    private static String text(JSONSchemaPropsOrArray items) {
        return new InternalForm()
                .raw("Schema", items.hasSchema() ? text(items.getSchema()) : NONE)
                .raw("JSONSchemas", list(items.getJSONSchemasList(), InternalForm::text))
                .toString();
    }

    private static String text(JSONSchemaPropsOrBool others) {
        return new InternalForm()
                .raw("Allows", others.getAllows() || others.hasSchema())
                .raw("Schema", others.hasSchema() ? text(others.getSchema()) : NONE)
                .toString();
    }

    private static String text(JSONSchemaPropsOrStringArray dependency) {
        return new InternalForm()
                .raw("Schema", dependency.hasSchema() ? text(dependency.getSchema()) : NONE)
                .raw("Property", list(dependency.getPropertyList(), GoJson::text))
                .toString();
    }

    private static String json(JSON value) {
        return GoJson.of(SchemaCompiler.read(value));
    }

    private static <T> String list(List<T> values, Function<T, String> text) {
        return values.isEmpty() ? NONE : values.stream().map(text).collect(Collectors.joining(",", "[", "]"));
    }

    private static <T> String map(Map<String, T> values, Function<T, String> text) {
        return values.isEmpty()
                ? NONE
                : new TreeMap<>(values)
                        .entrySet().stream()
                                .map(entry -> GoJson.text(entry.getKey()) + ":" + text.apply(entry.getValue()))
                                .collect(Collectors.joining(",", "{", "}"));
    }

    private InternalForm text(String name, String value) {
        return raw(name, GoJson.text(value));
    }

    private InternalForm raw(String name, Object value) {
        fields.add("\"" + name + "\":" + value);
        return this;
    }

    @Override
    public String toString() {
        return fields.toString();
    }
}
