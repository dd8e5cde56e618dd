package io.jollyboat.apiserver.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.jollyboat.api.meta.v1.ListMeta;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.options.FieldRules;
import io.jollyboat.api.options.KindRules;
import io.jollyboat.api.options.ListType;
import io.jollyboat.api.options.Options;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.codec.JsonFields;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    private final boolean v3;
    private final Descriptions descriptions = new Descriptions();
    private final Map<String, ObjectNode> schemas = new TreeMap<>();
    private final Deque<Descriptor> pending = new ArrayDeque<>();

    Schemas(boolean v3) {
        this.v3 = v3;
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
            if (!list && !version.selectableFields().isEmpty()) {
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
            case QUANTITY -> oneOf(schema, "number");
            case INT_OR_STRING -> oneOf(schema.put("format", "int-or-string"), "integer");
            case RAW_JSON -> type.getName().equals("JSON") ? schema : schema.put("type", "object");
            case ITEMS -> {
                schema.put("type", "array");
                schema.set("items", NODES.objectNode().put("type", "string"));
                yield schema;
            }
            case SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> schema;
        };
    }

    private ObjectNode oneOf(ObjectNode schema, String other) {
        if (!v3) {
            return schema.put("type", "string");
        }
        ArrayNode forms = schema.putArray("oneOf");
        forms.addObject().put("type", "string");
        forms.addObject().put("type", other);
        return schema;
    }

    private ObjectNode object(Descriptor type, ObjectNode schema) {
        schema.put("type", "object");
        ObjectNode properties = NODES.objectNode();
        ArrayNode required = NODES.arrayNode();
        KindOf kind = KindOf.of(type);
        if (kind != null) {
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
        schema.set("properties", properties);
        if (type.getOptions().getExtension(Options.type).getAtomic()) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
        if (kind != null) {
            ObjectNode gvk = schema.putArray("x-kubernetes-group-version-kind").addObject();
            gvk.put("group", kind.group).put("kind", type.getName()).put("version", kind.version);
        }
        return schema;
    }

    private static ObjectNode string(String description) {
        return NODES.objectNode().put("description", description).put("type", "string");
    }

    private ObjectNode property(FieldDescriptor field, FieldRules rules) {
        ObjectNode schema;
        if (field.isMapField()) {
            schema = NODES.objectNode().put("type", "object");
            schema.set("additionalProperties", value(field.getMessageType().findFieldByNumber(2)));
        } else if (field.isRepeated()) {
            schema = NODES.objectNode().put("type", "array");
            schema.set("items", value(field));
        } else {
            schema = value(field);
        }
        if (rules.hasDefault() && field.getJavaType() != JavaType.MESSAGE) {
            switch (field.getJavaType()) {
                case INT, LONG -> schema.put("default", Long.parseLong(rules.getDefault()));
                case BOOLEAN -> schema.put("default", Boolean.parseBoolean(rules.getDefault()));
                case STRING, FLOAT, DOUBLE, BYTE_STRING, ENUM, MESSAGE -> schema.put("default", rules.getDefault());
            }
        }
        schema = besides(schema);
        extensions(schema, rules);
        return described(schema, descriptions.of(field));
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
            schema.put("x-kubernetes-list-type", rules.getListType().name().toLowerCase(java.util.Locale.ROOT));
        }
        if (rules.getListKeysCount() > 0) {
            ArrayNode keys = schema.putArray("x-kubernetes-list-map-keys");
            rules.getListKeysList().forEach(keys::add);
        }
        if (rules.getAtomic()) {
            schema.put("x-kubernetes-map-type", "atomic");
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
            case MESSAGE -> reference(field.getMessageType());
            case FLOAT, UINT64, FIXED64, FIXED32, GROUP, UINT32, ENUM, SFIXED32, SFIXED64, SINT32, SINT64 ->
                throw new IllegalArgumentException(field.getFullName());
        };
    }

    /** Group and version of a kind, or of a list of one; null for other messages. */
    private record KindOf(String group, String version) {
        static KindOf of(Descriptor type) {
            if (type.getOptions().hasExtension(Options.kind)) {
                KindRules rules = type.getOptions().getExtension(Options.kind);
                return new KindOf(rules.getGroup(), rules.getVersion());
            }
            FieldDescriptor items = type.findFieldByName("items");
            boolean list = type.getName().endsWith("List")
                    && items != null
                    && items.getJavaType() == JavaType.MESSAGE
                    && items.getMessageType().getOptions().hasExtension(Options.kind);
            if (list) {
                return of(items.getMessageType());
            }
            boolean meta = type.getFile().getPackage().endsWith("meta.v1");
            return meta && (type.getName().equals("Status") || type.getName().equals("DeleteOptions"))
                    ? new KindOf("", "v1")
                    : null;
        }
    }
}
