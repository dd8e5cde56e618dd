package io.jollyboat.apiserver.schema;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.Decoded;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.FieldError;
import io.jollyboat.values.Names;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Whole objects within an object ({@code x-kubernetes-embedded-resource}): their type and metadata. */
final class EmbeddedObjects {
    private static final String UNKNOWN = "unknown field \"";

    private final PathText path;
    private final boolean drops;
    private final MetadataRules rules;
    private final List<String> unknown = new ArrayList<>();
    private final List<FieldError> errors = new ArrayList<>();

    private EmbeddedObjects(String start, boolean drops, MetadataRules rules) {
        this.path = new PathText(start);
        this.drops = drops;
        this.rules = rules;
    }

    /**
     * Brings their metadata into the form of the type, and answers the paths of fields that this has not.
     *
     * @param drops leave out what has a wrong type, as in objects that were stored long ago
     * @throws DecodeException where something has a wrong type
     */
    static List<String> coerce(JsonNode value, SchemaNode schema, boolean drops) {
        if (schema == null || !schema.hasEmbedded) {
            return List.of();
        }
        EmbeddedObjects walk = new EmbeddedObjects("", drops, null);
        FieldError error = walk.walk(value, schema, schema.shape.embedded());
        if (error != null) {
            throw new DecodeException(DecodeException.Stage.TYPE, error.toString());
        }
        walk.unknown.sort(null);
        return walk.unknown;
    }

    /** The first value of a wrong type, null where all is well. */
    static FieldError firstMalformed(JsonNode value, SchemaNode schema, String start, boolean root) {
        return new EmbeddedObjects(start, false, null).walk(value, schema, root);
    }

    /** @param root the value itself is a whole object */
    static List<FieldError> validate(
            JsonNode value, SchemaNode schema, String start, boolean root, MetadataRules rules) {
        if (!root && !schema.hasEmbedded) {
            return List.of();
        }
        EmbeddedObjects walk = new EmbeddedObjects(start, false, rules);
        walk.check(value, schema, root);
        return walk.errors;
    }

    private FieldError walk(JsonNode value, SchemaNode schema, boolean embedded) {
        if (schema == null || (!embedded && !schema.hasEmbedded)) {
            return null;
        }
        int here = path.length();
        if (value instanceof ObjectNode object) {
            FieldError error = embedded ? typeAndMetadata(object) : null;
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (error != null) {
                    return error;
                }
                error = into(field, schema);
                path.cut(here);
            }
            return error;
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            path.index(i);
            FieldError error = walk(value.get(i), schema.shape.items(), embedded(schema.shape.items()));
            path.cut(here);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static boolean embedded(SchemaNode schema) {
        return schema != null && schema.shape.embedded();
    }

    private FieldError into(Map.Entry<String, JsonNode> field, SchemaNode schema) {
        SchemaNode named = schema.shape.properties().get(field.getKey());
        if (named != null) {
            path.field(field.getKey());
            return walk(field.getValue(), named, embedded(named));
        }
        path.key(field.getKey());
        return walk(field.getValue(), schema.shape.additional(), embedded(schema.shape.additional()));
    }

    private FieldError typeAndMetadata(ObjectNode object) {
        for (String name : List.of("apiVersion", "kind")) {
            JsonNode value = object.get(name);
            if (value != null && !value.isString()) {
                if (!drops) {
                    return FieldError.invalid(child(name), GoJson.shown(value), "must be a string");
                }
                object.remove(name);
            }
        }
        JsonNode given = object.get("metadata");
        if (given == null) {
            return null;
        }
        String at = child("metadata");
        Decoded<ObjectMeta> decoded;
        try {
            decoded = JsonCodec.decode(given, ObjectMeta.getDefaultInstance(), Strictness.WARN);
        } catch (DecodeException e) {
            if (!drops) {
                return FieldError.invalid(at, GoJson.shown(given), e.getMessage());
            }
            if (!given.isObject()) {
                return null;
            }
            decoded = JsonCodec.decode(readable(given), ObjectMeta.getDefaultInstance(), Strictness.WARN);
        }
        for (String warning : decoded.warnings()) {
            if (warning.startsWith(UNKNOWN)) {
                unknown.add(at + "." + warning.substring(UNKNOWN.length(), warning.length() - 1));
            }
        }
        ObjectNode metadata = (ObjectNode) JsonCodec.toTree(decoded.message(), null, null);
        if (metadata.path("creationTimestamp").isNull()) {
            metadata.remove("creationTimestamp");
        }
        object.set("metadata", metadata);
        return null;
    }

    /** The fields that can be read, each for itself. */
    private static ObjectNode readable(JsonNode metadata) {
        ObjectNode kept = metadata.deepCopy().asObject();
        Iterator<Map.Entry<String, JsonNode>> fields = kept.properties().iterator();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            ObjectNode single = JsonNodeFactory.instance.objectNode();
            single.set(field.getKey(), field.getValue());
            try {
                JsonCodec.decode(single, ObjectMeta.getDefaultInstance(), Strictness.IGNORE);
            } catch (DecodeException _) {
                fields.remove();
            }
        }
        return kept;
    }

    private String child(String name) {
        int here = path.length();
        String text = path.field(name).toString();
        path.cut(here);
        return text;
    }

    private void check(JsonNode value, SchemaNode schema, boolean embedded) {
        if (schema == null || (!embedded && !schema.hasEmbedded)) {
            return;
        }
        int here = path.length();
        if (value.isObject()) {
            if (embedded) {
                object(value);
            }
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                SchemaNode named = schema.shape.properties().get(field.getKey());
                if (named != null) {
                    path.field(field.getKey());
                    check(field.getValue(), named, embedded(named));
                } else {
                    path.key(field.getKey());
                    check(field.getValue(), schema.shape.additional(), embedded(schema.shape.additional()));
                }
                path.cut(here);
            }
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                path.index(i);
                check(value.get(i), schema.shape.items(), embedded(schema.shape.items()));
                path.cut(here);
            }
        }
    }

    private void object(JsonNode object) {
        for (String name : List.of("apiVersion", "kind")) {
            if (!object.has(name)) {
                errors.add(FieldError.required(child(name), ""));
            }
        }
        text(object.get("apiVersion"), child("apiVersion"), EmbeddedObjects::versionProblem);
        text(object.get("kind"), child("kind"), EmbeddedObjects::kindProblem);
        JsonNode metadata = object.get("metadata");
        if (metadata == null) {
            return;
        }
        String at = child("metadata");
        try {
            ObjectMeta meta = JsonCodec.decode(metadata, ObjectMeta.getDefaultInstance(), Strictness.IGNORE)
                    .message();
            // A name is not required here, and the rules would.
            ObjectMeta named =
                    meta.getName().isEmpty() ? meta.toBuilder().setName("name").build() : meta;
            errors.addAll(rules.check(named, !meta.getNamespace().isEmpty(), at));
        } catch (DecodeException e) {
            errors.add(FieldError.invalid(at, GoJson.shown(metadata), e.getMessage()));
        }
    }

    private void text(JsonNode value, String at, Function<String, String> problem) {
        if (value == null) {
            return;
        }
        if (!value.isString()) {
            errors.add(FieldError.invalid(at, GoJson.shown(value), "must be a string"));
            return;
        }
        String text = value.asString();
        String found = text.isEmpty() ? "must not be empty" : problem.apply(text);
        if (!found.isEmpty()) {
            errors.add(FieldError.invalid(at, text, found));
        }
    }

    private static String versionProblem(String text) {
        boolean fine = text.equals("/") || text.chars().filter(c -> c == '/').count() <= 1;
        return fine ? "" : "unexpected GroupVersion string: " + text;
    }

    private static String kindProblem(String text) {
        List<String> problems = Names.dns1035Label(text.toLowerCase(Locale.ROOT));
        return problems.isEmpty()
                ? ""
                : "may have mixed case, but should otherwise match: " + String.join(",", problems);
    }
}
