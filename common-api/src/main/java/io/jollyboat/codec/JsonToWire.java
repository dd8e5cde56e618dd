package io.jollyboat.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.WireFormat;
import io.jollyboat.api.options.JsonForm;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns JSON into protobuf bytes without building a tree. Fields come out in the order of the input, and a message that
 * stands inline may come out in pieces: a protobuf parser puts both right. Zero values of fields that are no pointers
 * are left out. Single use.
 */
final class JsonToWire {
    private static final int MAX_STRICT_ERRORS = 100;
    /** Deeper messages than this are refused by protobuf's parsers. */
    private static final int MAX_DEPTH = 100;

    private final JsonScanner in;
    private final ByteSink out;
    private final JsonForms forms;
    private final JsonScalars scalars;
    private final boolean strict;
    private final FieldPath path = new FieldPath();
    private final List<String> problems = new ArrayList<>();
    private boolean duplicates;
    private String apiVersion = "";
    private String kind = "";
    private int depth;

    JsonToWire(byte[] json, ByteSink out, Strictness strictness) {
        this.in = new JsonScanner(json);
        this.out = out;
        this.forms = new JsonForms(in, out);
        this.scalars = new JsonScalars(in, out, forms, path);
        this.strict = strictness != Strictness.IGNORE;
    }

    String apiVersion() {
        return apiVersion;
    }

    String kind() {
        return kind;
    }

    /** Unknown and duplicate fields, worded as upstream does. */
    List<String> problems() {
        return problems;
    }

    /** True where a field occurred twice, so that the output holds both values. */
    boolean duplicates() {
        return duplicates;
    }

    void read(MessagePlan plan) {
        read(plan, true);
    }

    /** @param root whether the input is a whole object, which may say its apiVersion and kind */
    void read(MessagePlan plan, boolean root) {
        try {
            int b = in.value();
            if (b == '{') {
                object(plan, root);
            } else if (b == 'n') {
                in.literal("null");
            } else {
                throw TypeErrors.typeError(TypeErrors.word(b), "Go value of type " + plan.goType());
            }
            in.finish();
        } catch (DecodeException e) {
            if (e.stage() == DecodeException.Stage.TYPE) {
                // Go looks at the whole text before it looks at types.
                in.validate();
            }
            throw e;
        }
    }

    private void object(MessagePlan plan, boolean root) {
        if (++depth > MAX_DEPTH) {
            throw DecodeException.type("exceeded max depth");
        }
        long seenLow = 0;
        long seenHigh = 0;
        boolean more = in.enterObject();
        while (more) {
            in.string();
            MessagePlan.Name name = plan.byName(in.text, in.textStart, in.textEnd);
            if (name == null) {
                unknown(plan, root);
            } else {
                long bit = 1L << name.ordinal();
                if (((name.ordinal() < 64 ? seenLow : seenHigh) & bit) != 0) {
                    problem("duplicate field", name.field().jsonName);
                    duplicates = true;
                }
                if (name.ordinal() < 64) {
                    seenLow |= bit;
                } else {
                    seenHigh |= bit;
                }
                in.colon();
                path.push(name);
                inlined(plan, name, 0);
                path.pop();
            }
            more = in.nextKey();
        }
        depth--;
    }

    private void unknown(MessagePlan plan, boolean root) {
        String name = new String(in.text, in.textStart, in.textEnd - in.textStart, UTF_8);
        in.colon();
        boolean typeMeta = (root || plan.hasTypeMeta) && (name.equals("kind") || name.equals("apiVersion"));
        if (!typeMeta) {
            problem("unknown field", name);
            in.skip();
            return;
        }
        int b = in.value();
        if (b == 'n') {
            in.literal("null");
            return;
        }
        if (b != '"') {
            path.push(name);
            throw TypeErrors.typeError(
                    TypeErrors.word(b),
                    "Go struct field " + plan.descriptor.getName() + "." + path.fields() + " of type string");
        }
        in.string();
        if (root) {
            String value = new String(in.text, in.textStart, in.textEnd - in.textStart, UTF_8);
            if (name.equals("kind")) {
                duplicates |= !kind.isEmpty();
                kind = value;
            } else {
                apiVersion = value;
            }
        }
    }

    private void problem(String what, String name) {
        if (strict && problems.size() < MAX_STRICT_ERRORS) {
            String text = what + " \"" + path.full(name).replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
            if (!problems.contains(text)) {
                problems.add(text);
            }
        }
    }

    /** Wraps a field into the messages it stands inline of. */
    private void inlined(MessagePlan struct, MessagePlan.Name name, int level) {
        if (level == name.inlined().size()) {
            field(struct, name.field());
            return;
        }
        int before = out.length;
        out.putVarint(name.inlined().get(level).tag);
        int mark = out.beginDelimited();
        inlined(struct, name, level + 1);
        if (out.length == mark) {
            out.length = before;
        } else {
            out.endDelimited(mark);
        }
    }

    private void field(MessagePlan struct, FieldPlan field) {
        int b = in.value();
        if (b == 'n') {
            in.literal("null");
        } else if (field.map) {
            map(struct, field, b);
        } else if (field.repeated) {
            list(struct, field, b);
        } else {
            int before = out.length;
            out.putVarint(field.tag);
            int start = out.length;
            value(struct, field, b);
            if (field.isZero(out, start)) {
                // Go cannot tell a zero from an absent value here.
                out.length = before;
            }
        }
    }

    private void list(MessagePlan struct, FieldPlan field, int first) {
        if (first != '[') {
            throw mismatch(struct, first, field.goType());
        }
        int index = 0;
        boolean more = in.enterArray();
        while (more) {
            path.index(index++);
            out.putVarint(field.tag);
            value(struct, field, in.value());
            more = in.nextElement();
        }
        path.index(-1);
    }

    private void map(MessagePlan struct, FieldPlan field, int first) {
        if (first != '{') {
            throw mismatch(struct, first, field.goType());
        }
        SeenKeys seen = null;
        boolean more = in.enterObject();
        while (more) {
            out.putVarint(field.tag);
            int mark = out.beginDelimited();
            in.string();
            if (strict) {
                seen = seen == null ? new SeenKeys() : seen;
                if (seen.add(in.text, in.textStart, in.textEnd)) {
                    problem("duplicate field", new String(in.text, in.textStart, in.textEnd - in.textStart, UTF_8));
                }
            }
            out.putVarint(1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
            scalars.text();
            if (field.kind == FieldPlan.Kind.MESSAGE) {
                path.pushKey(in.text, in.textStart, in.textEnd);
            } else {
                path.push((String) null);
            }
            in.colon();
            out.putVarint(2 << 3 | FieldPlan.wireType(field.kind));
            value(struct, field, in.value());
            path.pop();
            out.endDelimited(mark);
            more = in.nextKey();
        }
    }

    /** A value with its length but without its tag; null gives the zero value. */
    private void value(MessagePlan struct, FieldPlan field, int b) {
        if (field.kind != FieldPlan.Kind.MESSAGE) {
            scalars.put(struct, field, b);
            return;
        }
        int mark = out.beginDelimited();
        if (b == 'n' && field.message().form != JsonForm.RAW_JSON) {
            in.literal("null");
        } else {
            message(struct, field, b);
        }
        out.endDelimited(mark);
    }

    private void message(MessagePlan struct, FieldPlan field, int b) {
        try {
            content(struct, field, b);
        } catch (DecodeException e) {
            // What reads itself knows nothing of the field it is for.
            String bare = " into Go value of type ";
            int at = e.stage() == DecodeException.Stage.TYPE ? e.getMessage().indexOf(bare) : -1;
            if (at < 0) {
                throw e;
            }
            String value = e.getMessage().substring("json: cannot unmarshal ".length(), at);
            throw TypeErrors.mismatch(struct, path, value, e.getMessage().substring(at + bare.length()));
        }
    }

    private void content(MessagePlan struct, FieldPlan field, int b) {
        MessagePlan plan = field.message();
        switch (plan.form) {
            case OBJECT -> {
                if (b != '{') {
                    throw mismatch(struct, b, plan.goType());
                }
                object(plan, false);
            }
            case TIME, MICRO_TIME -> forms.time(b, plan.form == JsonForm.MICRO_TIME);
            case DURATION -> forms.duration(b);
            case QUANTITY -> forms.quantity(b);
            case INT_OR_STRING -> forms.intOrString(b);
            case RAW_JSON -> forms.raw(plan);
            case ITEMS -> list(struct, plan.fields[0], b);
            case SCHEMA_OR_ARRAY -> {
                if (b == '[') {
                    list(struct, plan.byNumber(2), b);
                } else if (b == '{') {
                    field(struct, plan.byNumber(1));
                } else {
                    in.skip();
                }
            }
            case SCHEMA_OR_BOOL -> {
                if (b == '{') {
                    forms.putNumber(1, 1);
                    field(struct, plan.byNumber(2));
                } else if (b == 't' || b == 'f') {
                    in.literal(b == 't' ? "true" : "false");
                    forms.putNumber(1, b == 't' ? 1 : 0);
                } else {
                    throw DecodeException.type("boolean or JSON schema expected");
                }
            }
            case SCHEMA_OR_STRINGS -> {
                if (b == '[') {
                    list(struct, plan.byNumber(2), b);
                } else if (b == '{') {
                    field(struct, plan.byNumber(1));
                } else {
                    throw DecodeException.type("invalid json schema");
                }
            }
        }
    }

    private DecodeException mismatch(MessagePlan struct, int b, String goType) {
        return TypeErrors.mismatch(struct, path, TypeErrors.word(b), goType);
    }
}
