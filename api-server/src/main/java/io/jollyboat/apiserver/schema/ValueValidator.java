package io.jollyboat.apiserver.schema;

import io.jollyboat.apiserver.schema.SchemaNode.Alternatives;
import io.jollyboat.apiserver.schema.SchemaNode.Limits;
import io.jollyboat.apiserver.schema.SchemaNode.Others;
import io.jollyboat.apiserver.schema.SchemaNode.Shape;
import io.jollyboat.errors.FieldError;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Holds values to their schema, with the texts of upstream's library. Each step answers how many checks it made, by
 * which that library picks the alternative whose errors it shows.
 */
final class ValueValidator {
    private static final Set<String> TYPE_META = Set.of("apiVersion", "kind", "metadata");

    private final PathText path = new PathText("");

    private ValueValidator() {}

    /** @param old null on creation; else what did not change since may stay wrong */
    static List<FieldError> validate(JsonNode value, SchemaNode schema, String prefix, Correlation old) {
        Findings findings = new Findings(prefix);
        new ValueValidator().check(value, schema, findings, old);
        return findings.errors();
    }

    private int check(JsonNode value, SchemaNode schema, Findings findings, Correlation old) {
        if (old == null) {
            return examine(value, schema, findings, null);
        }
        Findings own = findings.sibling();
        int count = examine(value, schema, own, old);
        if (!own.isEmpty() && !old.isUnchanged()) {
            findings.addAll(own);
        }
        return count;
    }

    private int examine(JsonNode value, SchemaNode schema, Findings findings, Correlation old) {
        Shape shape = schema.shape;
        Limits limits = shape.limits();
        Kind kind = Kind.of(value);
        if (kind == Kind.NULL) {
            return absent(value, shape, findings);
        }
        int count = 3; // alternatives, enumeration and the value as a whole
        if (shape.typeText() != null || limits.format() != null) {
            count += type(value, kind, shape, findings) ? 2 : 1;
        }
        if (shape.alternatives() == null) {
            count++;
        } else {
            count += alternatives(value, shape.alternatives(), findings) + 1;
        }
        switch (kind) {
            case STRING -> count += schema.unlimited ? 1 : text(value.asString(), limits, findings);
            case INTEGER, NUMBER -> {
                if (!schema.unlimited || kind == Kind.NUMBER) {
                    NumberRules.check(value, shape, path, findings);
                }
                count += 2;
            }
            case ARRAY -> count += elements(value, shape, findings, old) + 2;
            case OBJECT, BOOLEAN, NULL -> {}
        }
        if (!limits.allowed().isEmpty()) {
            allowed(value, limits.allowed(), findings);
        }
        if (kind == Kind.OBJECT) {
            count += fields(value, shape, findings, old) + 1;
        }
        return count;
    }

    private int absent(JsonNode value, Shape shape, Findings findings) {
        if (!shape.limits().allowed().isEmpty()) {
            wrongType(shape, Kind.NULL, findings);
            allowed(value, shape.limits().allowed(), findings);
            return 1;
        }
        return wrongType(shape, Kind.NULL, findings) ? 0 : 1;
    }

    /** Null is right only where the schema says so. */
    private boolean wrongType(Shape shape, Kind kind, Findings findings) {
        boolean wrong = shape.typeText() != null && !shape.nullable();
        if (wrong) {
            typeError(shape.typeText(), kind.text(), findings);
        }
        return wrong;
    }

    private boolean type(JsonNode value, Kind kind, Shape shape, Findings findings) {
        int types = shape.types();
        String format = shape.limits().format();
        boolean fits = (types & kind.bit()) != 0
                || (kind == Kind.INTEGER && (types & Kind.NUMBER.bit()) != 0)
                || (kind == Kind.NUMBER && (types & Kind.INTEGER.bit()) != 0 && Numbers.isWhole(value.doubleValue()));
        boolean textual = kind == Kind.STRING || kind == Kind.ARRAY;
        if (format != null && !textual && !fits && !kind.format().equals(format)) {
            typeError(format, kind.format(), findings);
            return false;
        }
        boolean numeric = (types & (Kind.NUMBER.bit() | Kind.INTEGER.bit())) != 0;
        if (fits || (format != null && textual && !numeric)) {
            return true;
        }
        typeError(shape.typeText() == null ? "" : shape.typeText(), kind.text(), findings);
        return false;
    }

    private void typeError(String wanted, String found, Findings findings) {
        String at = path.toString();
        String message = at + " in body must be of type " + wanted + ": \"" + found + "\"";
        findings.at(at, FieldError.Type.TYPE_INVALID, found, message, message);
    }

    private int alternatives(JsonNode value, Alternatives given, Findings findings) {
        int count = 0;
        if (!given.anyOf().isEmpty()) {
            count += anyOf(value, given.anyOf(), findings);
        }
        if (!given.oneOf().isEmpty()) {
            count += oneOf(value, given.oneOf(), findings);
        }
        if (!given.allOf().isEmpty()) {
            count += allOf(value, given.allOf(), findings);
        }
        if (given.not() != null) {
            Findings own = findings.sibling();
            check(value, given.not(), own, null);
            if (own.isEmpty()) {
                findings.anywhere(quoted() + " must not validate the schema (not)");
            }
        }
        return count;
    }

    private int anyOf(JsonNode value, List<SchemaNode> schemas, Findings findings) {
        Findings best = null;
        int most = 0;
        for (SchemaNode schema : schemas) {
            Findings own = findings.sibling();
            int count = check(value, schema, own, null);
            if (own.isEmpty()) {
                return count;
            }
            if (best == null || count > most) {
                best = own;
                most = count;
            }
        }
        findings.anywhere(quoted() + " must validate at least one schema (anyOf)");
        findings.addAll(best);
        return most;
    }

    private int oneOf(JsonNode value, List<SchemaNode> schemas, Findings findings) {
        Findings best = null;
        int most = 0;
        int valid = 0;
        int firstValid = 0;
        for (SchemaNode schema : schemas) {
            Findings own = findings.sibling();
            int count = check(value, schema, own, null);
            if (own.isEmpty()) {
                firstValid = valid == 0 ? count : firstValid;
                valid++;
                best = null;
            } else if (valid == 0 && (best == null || count > most)) {
                best = own;
                most = count;
            }
        }
        if (valid == 1) {
            return firstValid;
        }
        findings.anywhere(quoted() + " must validate one and only one schema (oneOf). Found "
                + (valid == 0 ? "none valid" : valid + " valid alternatives"));
        if (best == null) {
            return 0;
        }
        findings.addAll(best);
        return most;
    }

    private int allOf(JsonNode value, List<SchemaNode> schemas, Findings findings) {
        int count = 0;
        int valid = 0;
        for (SchemaNode schema : schemas) {
            Findings own = findings.sibling();
            count += check(value, schema, own, null);
            valid += own.isEmpty() ? 1 : 0;
            findings.addAll(own);
        }
        if (valid < schemas.size()) {
            findings.anywhere(
                    quoted() + " must validate all the schemas (allOf)" + (valid == 0 ? ". None validated" : ""));
        }
        return count;
    }

    private String quoted() {
        return "\"" + path + "\"";
    }

    private int text(String value, Limits limits, Findings findings) {
        if (limits.maxLength() != null || limits.minLength() != null || limits.pattern() != null) {
            length(value, limits, findings);
        }
        if (limits.format() == null) {
            return 1;
        }
        if (!Formats.isKnown(limits.format())) {
            return 1;
        }
        if (!Formats.matches(limits.format(), value)) {
            typeError(limits.format(), value, findings);
        }
        return 2;
    }

    private void length(String value, Limits limits, Findings findings) {
        int length = value.codePointCount(0, value.length());
        if (limits.maxLength() != null && length > limits.maxLength()) {
            String at = path.toString();
            findings.at(
                    at,
                    FieldError.Type.TOO_LONG,
                    null,
                    tooLong(limits.maxLength()),
                    at + " in body should be at most " + limits.maxLength() + " chars long");
        } else if (limits.minLength() != null && length < limits.minLength()) {
            invalid(value, " in body should be at least " + limits.minLength() + " chars long", findings);
        } else if (limits.pattern() != null && !matches(limits.pattern(), value)) {
            invalid(value, " in body should match '" + limits.pattern().text() + "'", findings);
        }
    }

    private static String tooLong(long most) {
        return most < 0 ? "value is too long" : "may not be more than " + most + (most == 1 ? " byte" : " bytes");
    }

    private static boolean matches(SchemaNode.CompiledPattern pattern, String value) {
        return pattern.compiled() != null && pattern.compiled().matcher(value).find();
    }

    private void invalid(Object value, String text, Findings findings) {
        String at = path.toString();
        findings.at(at, FieldError.Type.INVALID, value, at + text, at + text);
    }

    private int elements(JsonNode list, Shape shape, Findings findings, Correlation old) {
        int count = 0;
        int here = path.length();
        for (int i = 0; shape.items() != null && i < list.size(); i++) {
            path.index(i);
            count += check(list.get(i), shape.items(), findings, old == null ? null : old.element(i));
            path.cut(here);
        }
        Limits limits = shape.limits();
        int size = list.size();
        if (limits.minItems() != null && size < limits.minItems()) {
            invalid(size, " in body should have at least " + limits.minItems() + " items", findings);
        }
        if (limits.maxItems() != null && size > limits.maxItems()) {
            tooMany(size, limits.maxItems(), " in body should have at most " + limits.maxItems() + " items", findings);
        }
        if (limits.uniqueItems() && ListRules.hasTwins(list)) {
            invalid("", " in body shouldn't contain duplicates", findings);
        }
        return count;
    }

    private void tooMany(int size, long most, String text, Findings findings) {
        String at = path.toString();
        String detail =
                most < 0 ? "has too many items" : "must have at most " + most + (most == 1 ? " item" : " items");
        findings.at(at, FieldError.Type.TOO_MANY, size, detail, at + text);
    }

    private void allowed(JsonNode value, List<JsonNode> allowed, Findings findings) {
        for (JsonNode each : allowed) {
            if (Enumerations.matches(value, each)) {
                return;
            }
        }
        String at = path.toString();
        String names = allowed.stream()
                .map(each -> FieldError.quoted(each.isString() ? each.asString() : GoJson.of(each)))
                .collect(Collectors.joining(", "));
        findings.at(
                at,
                FieldError.Type.NOT_SUPPORTED,
                GoJson.shown(value),
                "supported values: " + names,
                at + " in body should be one of " + names);
    }

    private int fields(JsonNode object, Shape shape, Findings findings, Correlation old) {
        Limits limits = shape.limits();
        int size = object.size();
        if (limits.minProperties() != null && size < limits.minProperties()) {
            invalid(size, " in body should have at least " + limits.minProperties() + " properties", findings);
        }
        if (limits.maxProperties() != null && size > limits.maxProperties()) {
            tooMany(
                    size,
                    limits.maxProperties(),
                    " in body should have at most " + limits.maxProperties() + " properties",
                    findings);
        }
        int count = 0;
        int here = path.length();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            SchemaNode child = shape.properties().get(name);
            if (child != null) {
                path.field(name);
                count += check(field.getValue(), child, findings, before(old, name, here));
                path.cut(here);
            } else if (shape.others() == Others.TYPED) {
                path.dotted(name);
                count += check(field.getValue(), shape.additional(), findings, before(old, name, here));
                path.cut(here);
            } else if (shape.others() == Others.FORBIDDEN) {
                String message = path + "." + name + " in body is a forbidden property";
                findings.at(path.toString(), FieldError.Type.INVALID, name, message, message);
            }
        }
        for (String name : limits.required()) {
            if (!object.has(name)) {
                String at = path + "." + name;
                findings.at(at, FieldError.Type.REQUIRED, null, "", at + " in body is required");
            }
        }
        return count;
    }

    private static Correlation before(Correlation old, String name, int depth) {
        return old == null || (depth == 0 && TYPE_META.contains(name)) ? null : old.field(name);
    }
}
