package io.jollyboat.apiserver.schema;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One place of a compiled schema. Equal places are one object, so that what repeats in a schema (and much does) is kept
 * once; equality is that of the parts, where children count as equal only if they are the same object.
 */
final class SchemaNode {
    /** How the elements of a list are told apart. */
    enum ListType {
        ATOMIC,
        SET,
        MAP
    }

    /** What a place says of fields that it does not name. */
    enum Others {
        UNSAID,
        FORBIDDEN,
        ALLOWED,
        TYPED
    }

    /** @param typeText the type in error texts, null where none is given */
    record Shape(
            int types,
            String typeText,
            boolean nullable,
            boolean preserves,
            boolean embedded,
            boolean intOrString,
            JsonNode defaultValue,
            Map<String, SchemaNode> properties,
            SchemaNode items,
            Others others,
            SchemaNode additional,
            ListType listType,
            List<String> mapKeys,
            boolean atomicMap,
            Limits limits,
            Alternatives alternatives) {}

    /** What values must be. Null stands for no limit. */
    record Limits(
            String format,
            Double multipleOf,
            Double maximum,
            boolean exclusiveMaximum,
            Double minimum,
            boolean exclusiveMinimum,
            Long maxLength,
            Long minLength,
            CompiledPattern pattern,
            Long maxItems,
            Long minItems,
            boolean uniqueItems,
            Long maxProperties,
            Long minProperties,
            List<String> required,
            List<JsonNode> allowed) {
        static final Limits NONE = new Limits(
                null, null, null, false, null, false, null, null, null, null, null, false, null, null, List.of(),
                List.of());
    }

    /** A pattern is what was written; Go's syntax, and time that is linear in the text. */
    record CompiledPattern(String text, Pattern compiled) {
        @Override
        public boolean equals(Object other) {
            return other instanceof CompiledPattern(String otherText, Pattern _) && text.equals(otherText);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    /** Schemas of the same value. */
    record Alternatives(List<SchemaNode> allOf, List<SchemaNode> anyOf, List<SchemaNode> oneOf, SchemaNode not) {}

    final Shape shape;

    /** Whether there is at or below this place: a default, a list whose elements differ, an embedded object. */
    final boolean hasDefaults;

    final boolean hasLists;
    final boolean hasEmbedded;

    /** Whether values of the right type are all fine. */
    final boolean unlimited;

    SchemaNode(Shape shape) {
        this.shape = shape;
        this.unlimited = shape.limits().equals(Limits.NONE);
        boolean defaults = shape.defaultValue() != null;
        boolean lists = shape.listType() == ListType.SET || shape.listType() == ListType.MAP;
        boolean embedded = shape.embedded();
        for (SchemaNode child : shape.properties().values()) {
            defaults |= child.hasDefaults;
            lists |= child.hasLists;
            embedded |= child.hasEmbedded;
        }
        for (SchemaNode child : new SchemaNode[] {shape.items(), shape.additional()}) {
            if (child != null) {
                defaults |= child.hasDefaults;
                lists |= child.hasLists;
                embedded |= child.hasEmbedded;
            }
        }
        this.hasDefaults = defaults;
        this.hasLists = lists;
        this.hasEmbedded = embedded;
    }

    /** The schema of a field, null where none is given. */
    SchemaNode child(String name) {
        SchemaNode named = shape.properties().get(name);
        return named != null ? named : shape.additional();
    }
}
