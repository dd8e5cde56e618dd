package io.jollyboat.apiserver.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jollyboat.api.meta.v1.ListMeta;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.options.FieldRules;
import io.jollyboat.api.options.JsonForm;
import io.jollyboat.api.options.ListType;
import io.jollyboat.api.options.Options;
import io.jollyboat.api.options.TypeRules;
import io.jollyboat.api.options.Union;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.discovery.ServerVersion;
import io.jollyboat.codec.JsonFields;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schemas of a document: those asked for and all they refer to. Single use. */
final class Schemas {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** What every kind has, told in phrases that users of `explain` look for. */
    private static final String API_VERSION =
            "APIVersion defines which schema the object follows, as group and version.";

    private static final String KIND = "Kind is what the object is, in CamelCase.";
    private static final String METADATA = "Standard object's metadata: its name, namespace, labels and more.";
    private static final String LIST_METADATA =
            "Standard list metadata: the version of the list, and where it goes on.";

    /** What else than the group's own version {@code DeleteOptions} and {@code WatchEvent} are known in. */
    private final List<KindOf> versions;

    private final boolean v3;
    private final Descriptions descriptions = new Descriptions();
    private final Map<String, ObjectNode> schemas = new TreeMap<>();
    private final Deque<Descriptor> pending = new ArrayDeque<>();

    /** @param versions groups and versions of the document, by {@code group/version} or {@code version} */
    Schemas(boolean v3, List<String> versions) {
        this.v3 = v3;
        this.versions = Stream.concat(Stream.of("v1"), versions.stream().filter(version -> !version.equals("v1")))
                .map(KindOf::parse)
                .toList();
    }

    Descriptions descriptions() {
        return descriptions;
    }

    /** Any patch. */
    ObjectNode patch() {
        return named(
                "io.k8s.apimachinery.pkg.apis.meta.v1.Patch",
                () -> NODES.objectNode()
                        .put("description", "A patch, in the form that its content type tells.")
                        .put("type", "object"));
    }

    /** What {@code /version} answers. */
    ObjectNode version() {
        return named("io.k8s.apimachinery.pkg.version.Info", () -> {
            ObjectNode schema = NODES.objectNode()
                    .put("description", "The version of this server.")
                    .put("type", "object");
            ArrayNode required = schema.putArray("required");
            ObjectNode properties = schema.putObject("properties");
            ServerVersion.FIELDS.forEach((name, always) -> {
                ObjectNode property = properties
                        .putObject(name)
                        .put("description", words(name))
                        .put("type", "string");
                if (always) {
                    required.add(name);
                    if (v3) {
                        property.put("default", "");
                    }
                }
            });
            return schema;
        });
    }

    /** {@code Git version.} of gitVersion. */
    private static String words(String name) {
        return Target.capital(name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT)) + ".";
    }

    private ObjectNode named(String name, Supplier<ObjectNode> schema) {
        if (!schemas.containsKey(name)) {
            schemas.put(name, schema.get());
        }
        return NODES.objectNode().put("$ref", (v3 ? "#/components/schemas/" : "#/definitions/") + name);
    }

    /** A reference to a type, whose schema will be in the document. */
    ObjectNode reference(Descriptor type) {
        String name = name(type);
        if (!schemas.containsKey(name)) {
            schemas.put(name, NODES.objectNode());
            pending.add(type);
        }
        return NODES.objectNode().put("$ref", (v3 ? "#/components/schemas/" : "#/definitions/") + name);
    }

    /** A reference to a custom resource's kind, or to the list of it. */
    ObjectNode custom(ResourceType<?> type, boolean list) {
        CustomVersion version = CustomVersion.of(type);
        String kind = list ? version.listKind() : type.kind();
        List<String> domain = new ArrayList<>(List.of(type.group().split("\\.")));
        Collections.reverse(domain);
        String name = String.join(".", domain) + "." + type.version() + "." + kind;
        if (!schemas.containsKey(name)) {
            schemas.put(name, NODES.objectNode());
            ObjectNode schema = list ? customList(type) : CustomSchemas.published(version, v3, this::complete);
            schema.putArray("x-kubernetes-group-version-kind")
                    .addObject()
                    .put("group", type.group())
                    .put("kind", kind)
                    .put("version", type.version());
            if (!version.selectableFields().isEmpty()) {
                ArrayNode fields = schema.putArray("x-kubernetes-selectable-fields");
                version.selectableFields().forEach(field -> fields.addObject().put("fieldPath", field));
            }
            schemas.put(name, schema);
        }
        return NODES.objectNode().put("$ref", (v3 ? "#/components/schemas/" : "#/definitions/") + name);
    }

    /** Adds what every object has. */
    private void complete(ObjectNode schema) {
        ObjectNode properties = schema.withObject("/properties");
        properties.set("apiVersion", string(API_VERSION));
        properties.set("kind", string(KIND));
        properties.set("metadata", described(besides(reference(ObjectMeta.getDescriptor())), METADATA));
    }

    private ObjectNode customList(ResourceType<?> type) {
        ObjectNode schema = NODES.objectNode().put("type", "object");
        schema.putArray("required").add("items");
        ObjectNode items = schema.putObject("properties").putObject("items").put("type", "array");
        items.set("items", custom(type, false));
        ObjectNode properties = schema.withObject("/properties");
        properties.set("apiVersion", string(API_VERSION));
        properties.set("kind", string(KIND));
        properties.set("metadata", described(besides(reference(ListMeta.getDescriptor())), LIST_METADATA));
        return schema;
    }

    /** All schemas by name. */
    Map<String, ObjectNode> complete() {
        while (!pending.isEmpty()) {
            Descriptor type = pending.remove();
            schemas.put(name(type), schema(type));
        }
        return schemas;
    }

    /** The Go package's path with its domain reversed, as upstream names schemas. */
    static String name(Descriptor type) {
        String file = type.getFile().getPackage().replace("_", "-");
        return (file.startsWith("k8s.io.") ? "io.k8s." + file.substring("k8s.io.".length()) : file) + "."
                + type.getName();
    }

    private ObjectNode schema(Descriptor type) {
        ObjectNode schema = described(NODES.objectNode(), descriptions.of(type));
        return switch (JsonFields.form(type)) {
            case OBJECT -> object(type, schema);
            case TIME, MICRO_TIME -> schema.put("type", "string").put("format", "date-time");
            case DURATION -> schema.put("type", "string");
            case QUANTITY -> oneOf(schema, "string", "number");
            case INT_OR_STRING -> oneOf(schema.put("format", "int-or-string"), "integer", "string");
            case RAW_JSON -> type.getName().equals("JSON") ? schema : schema.put("type", "object");
            case ITEMS -> {
                schema.put("type", "array");
                schema.set("items", NODES.objectNode().put("type", "string"));
                yield schema;
            }
            case SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> schema;
        };
    }

    private ObjectNode oneOf(ObjectNode schema, String... types) {
        if (!v3) {
            return schema.put("type", "string");
        }
        ArrayNode forms = schema.putArray("oneOf");
        for (String type : types) {
            forms.addObject().put("type", type);
        }
        return schema;
    }

    private ObjectNode object(Descriptor type, ObjectNode schema) {
        schema.put("type", "object");
        ObjectNode properties = NODES.objectNode();
        ArrayNode required = NODES.arrayNode();
        if (KindOf.hasTypeMeta(type)) {
            properties.set("apiVersion", string(API_VERSION));
            properties.set("kind", string(KIND));
        }
        for (Map.Entry<String, FieldDescriptor> entry : JsonFields.of(type).entrySet()) {
            FieldRules rules = JsonFields.rules(entry.getValue());
            properties.set(entry.getKey(), property(entry.getValue(), rules));
            if ((rules.getRequired() || rules.getAlways()) && !OptionalFields.has(name(type), entry.getKey())) {
                required.add(entry.getKey());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        if (!properties.isEmpty()) {
            schema.set("properties", properties);
        }
        TypeRules rules = type.getOptions().getExtension(Options.type);
        if (rules.getAtomic()) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
        if (rules.hasUnion()) {
            union(schema.putArray("x-kubernetes-unions").addObject(), rules.getUnion());
        }
        KindOf.of(type, versions).forEach(kind -> kind.addTo(schema, type.getName()));
        return schema;
    }

    private static void union(ObjectNode schema, Union union) {
        if (union.hasDiscriminator()) {
            schema.put("discriminator", union.getDiscriminator());
        }
        ObjectNode values = schema.putObject("fields-to-discriminateBy");
        union.getFieldsList().forEach(field -> values.put(field, Target.capital(field)));
    }

    private static ObjectNode string(String description) {
        return NODES.objectNode().put("description", description).put("type", "string");
    }

    private ObjectNode property(FieldDescriptor field, FieldRules rules) {
        ObjectNode schema;
        if (field.isMapField()) {
            schema = NODES.objectNode().put("type", "object");
            schema.set("additionalProperties", element(field.getMessageType().findFieldByNumber(2), rules));
        } else if (field.isRepeated()) {
            schema = NODES.objectNode().put("type", "array");
            schema.set("items", element(field, rules));
        } else {
            schema = besides(value(field));
            enumerate(schema, rules);
            if (v3) {
                Defaults.add(schema, field, rules);
            }
        }
        extensions(schema, rules);
        return described(schema, descriptions.of(field));
    }

    private ObjectNode element(FieldDescriptor element, FieldRules rules) {
        ObjectNode schema = value(element);
        enumerate(schema, rules);
        return schema;
    }

    private static void enumerate(ObjectNode schema, FieldRules rules) {
        if (rules.getEnumCount() > 0) {
            ArrayNode values = schema.putArray("enum");
            rules.getEnumList().forEach(values::add);
        }
    }

    /** The schema as one that more can be said of: what stands beside a reference would not count in v3. */
    private ObjectNode besides(ObjectNode schema) {
        if (!v3 || !schema.has("$ref")) {
            return schema;
        }
        ObjectNode whole = NODES.objectNode();
        whole.putArray("allOf").add(schema);
        return whole;
    }

    private static ObjectNode described(ObjectNode schema, String description) {
        return description.isEmpty() ? schema : schema.put("description", description);
    }

    private static void extensions(ObjectNode schema, FieldRules rules) {
        if (rules.getListType() != ListType.UNSPECIFIED) {
            schema.put("x-kubernetes-list-type", rules.getListType().name().toLowerCase(Locale.ROOT));
        }
        if (rules.getListKeysCount() > 0) {
            ArrayNode keys = schema.putArray("x-kubernetes-list-map-keys");
            rules.getListKeysList().forEach(keys::add);
        }
        if (rules.getAtomic()) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
        if (rules.getGranular()) {
            schema.put("x-kubernetes-map-type", "granular");
        }
        if (!rules.getPatchStrategy().isEmpty()) {
            schema.put("x-kubernetes-patch-strategy", rules.getPatchStrategy());
        }
        if (!rules.getPatchKey().isEmpty()) {
            schema.put("x-kubernetes-patch-merge-key", rules.getPatchKey());
        }
    }

    private ObjectNode value(FieldDescriptor field) {
        ObjectNode schema = NODES.objectNode();
        return switch (field.getType()) {
            case STRING -> schema.put("type", "string");
            case BYTES -> schema.put("type", "string").put("format", "byte");
            case INT32 -> schema.put("type", "integer").put("format", "int32");
            case INT64 -> schema.put("type", "integer").put("format", "int64");
            case BOOL -> schema.put("type", "boolean");
            case DOUBLE -> schema.put("type", "number").put("format", "double");
            case MESSAGE ->
                // Bare lists stand where they are used.
                JsonFields.form(field.getMessageType()) == JsonForm.ITEMS
                        ? schema(field.getMessageType())
                        : reference(field.getMessageType());
            case FLOAT, UINT64, FIXED64, FIXED32, GROUP, UINT32, ENUM, SFIXED32, SFIXED64, SINT32, SINT64 ->
                throw new IllegalArgumentException(field.getFullName());
        };
    }
}
