package io.jollyboat.apiserver.schema;

import io.jollyboat.apiserver.schema.SchemaNode.Limits;
import io.jollyboat.apiserver.schema.SchemaNode.Shape;
import io.jollyboat.errors.FieldError;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The bounds of numbers: of the type and format first, then as declared. */
final class NumberRules {
    private static final Set<String> INTEGERS = Set.of("int32", "int64");
    private static final Set<String> FLOATS = Set.of("float", "double");

    private final JsonNode value;
    private final boolean integer;
    private final String type;
    private final String format;
    private final PathText path;
    private final Findings findings;

    private NumberRules(JsonNode value, Shape shape, PathText path, Findings findings) {
        this.value = value;
        this.integer = Numbers.isInteger(value);
        String declared = shape.limits().format();
        if (shape.types() == Kind.INTEGER.bit()) {
            type = Kind.INTEGER.text();
            format = declared != null && INTEGERS.contains(declared) ? declared : "";
        } else if (shape.types() == Kind.NUMBER.bit()) {
            type = Kind.NUMBER.text();
            format = declared != null && FLOATS.contains(declared) ? declared : "";
        } else {
            type = "";
            format = "";
        }
        this.path = path;
        this.findings = findings;
    }

    static void check(JsonNode value, Shape shape, PathText path, Findings findings) {
        new NumberRules(value, shape, path, findings).check(shape.limits());
    }

    private void check(Limits limits) {
        if (!inRange()) {
            outOfRange("Checked");
        }
        // Upstream checks multiple, maximum, minimum, and tells multiple, minimum, maximum.
        if (limits.multipleOf() != null) {
            multiple(limits.multipleOf());
        }
        if (limits.minimum() != null) {
            minimum(limits.minimum(), limits.exclusiveMinimum());
        }
        if (limits.maximum() != null) {
            maximum(limits.maximum(), limits.exclusiveMaximum());
        }
    }

    private boolean inRange() {
        if (type.equals(Kind.INTEGER.text())) {
            return Numbers.fitsInteger(value, format.equals("int32"));
        }
        return !format.equals("float") || Numbers.fitsFloat(value.doubleValue());
    }

    private boolean inRange(double limit) {
        if (type.equals(Kind.INTEGER.text())) {
            return Numbers.fitsInteger(limit, format.equals("int32"));
        }
        return !format.equals("float") || Numbers.fitsFloat(limit);
    }

    private void outOfRange(String what) {
        findings.anywhere(what + " value must be of type " + type
                + (format.isEmpty() ? " (default format)" : " with format " + format) + " in " + path);
    }

    /** True where the value and the limit are compared as integers. */
    private boolean exact(double limit, String what) {
        boolean fits = inRange(limit);
        if (!fits) {
            outOfRange(what);
        }
        return fits && integer;
    }

    private void multiple(double factor) {
        if (exact(factor, "MultipleOf")) {
            long whole = Numbers.toLong(factor);
            if (whole <= 0) {
                mustBePositive(Long.toString(whole));
            } else if (value.longValue() % whole != 0) {
                invalid(Long.toString(value.longValue()), " in body should be a multiple of " + whole);
            }
            return;
        }
        double given = value.doubleValue();
        if (factor <= 0) {
            mustBePositive(Numbers.text(factor));
        } else if (!Numbers.isWhole(factor < 1 ? 1 / factor * given : given / factor)) {
            invalid(Numbers.text(given), " in body should be a multiple of " + Numbers.text(factor));
        }
    }

    private void mustBePositive(String factor) {
        String at = path.toString();
        String message = "factor MultipleOf declared for " + at + " must be positive: " + factor;
        findings.at(at, FieldError.Type.INVALID, new GoJson.Bare(factor), message, message);
    }

    private void minimum(double limit, boolean exclusive) {
        String text = exclusive ? " in body should be greater than " : " in body should be greater than or equal to ";
        if (exact(limit, "Minimum boundary")) {
            long least = Numbers.toLong(limit);
            long given = value.longValue();
            if (exclusive ? given <= least : given < least) {
                invalid(Long.toString(given), text + least);
            }
            return;
        }
        double given = value.doubleValue();
        if (exclusive ? given <= limit : given < limit) {
            invalid(Numbers.text(given), text + Numbers.text(limit));
        }
    }

    private void maximum(double limit, boolean exclusive) {
        String text = exclusive ? " in body should be less than " : " in body should be less than or equal to ";
        if (exact(limit, "Maximum boundary")) {
            long most = Numbers.toLong(limit);
            long given = value.longValue();
            if (exclusive ? given >= most : given > most) {
                invalid(Long.toString(given), text + most);
            }
            return;
        }
        double given = value.doubleValue();
        if (exclusive ? given >= limit : given > limit) {
            invalid(Numbers.text(given), text + Numbers.text(limit));
        }
    }

    private void invalid(String shown, String text) {
        String at = path.toString();
        findings.at(at, FieldError.Type.INVALID, new GoJson.Bare(shown), at + text, at + text);
    }
}
