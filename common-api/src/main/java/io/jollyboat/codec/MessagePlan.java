package io.jollyboat.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jollyboat.api.options.JsonForm;
import io.jollyboat.api.options.Options;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How one message type maps to JSON. Made once per type; immutable but for its lazily linked fields. */
final class MessagePlan {
    private static final ConcurrentMap<Descriptor, MessagePlan> PLANS = new ConcurrentHashMap<>();
    private static final ConcurrentMap<Descriptor, MessagePlan> SORTED = new ConcurrentHashMap<>();

    /** A JSON name of the object and the way to its field, through the messages that stand inline. */
    record Name(String name, int ordinal, List<FieldPlan> inlined, FieldPlan field) {}

    final Descriptor descriptor;
    final JsonForm form;
    /** In the order of JSON. */
    final FieldPlan[] fields;
    /** The object has apiVersion and kind, which are no protobuf fields. */
    final boolean hasTypeMeta;
    /** A list of kinds: an empty one is written as such. */
    final boolean list;

    private final FieldPlan[] byNumber;
    private final Name[] names;
    private final byte[][] nameBytes;
    private final int mask;

    private MessagePlan(Descriptor descriptor, boolean sorted) {
        this.descriptor = descriptor;
        this.form = descriptor.getOptions().getExtension(Options.type).getJsonForm();
        List<FieldDescriptor> declared = new ArrayList<>(descriptor.getFields());
        if (sorted) {
            declared.sort(Comparator.comparing(FieldPlan::jsonName));
        }
        this.fields = new FieldPlan[declared.size()];
        int last = 0;
        for (int i = 0; i < fields.length; i++) {
            fields[i] = new FieldPlan(declared.get(i), i, sorted);
            last = Math.max(last, fields[i].number);
        }
        this.byNumber = new FieldPlan[last + 1];
        for (FieldPlan field : fields) {
            byNumber[field.number] = field;
        }
        FieldDescriptor metadata = descriptor.findFieldByName("metadata");
        this.list = metadata != null
                && metadata.getMessageType().getName().equals("ListMeta")
                && descriptor.findFieldByName("items") != null;
        this.hasTypeMeta = list || descriptor.getOptions().hasExtension(Options.kind);
        List<Name> all = new ArrayList<>();
        if (form == JsonForm.OBJECT) {
            collect(fields, List.of(), all);
        }
        if (all.size() > 128) {
            throw new IllegalArgumentException(descriptor.getFullName() + " has too many fields");
        }
        int size = Math.max(4, Integer.highestOneBit(all.size() * 4));
        this.mask = size - 1;
        this.names = new Name[size];
        this.nameBytes = new byte[size][];
        for (Name name : all) {
            byte[] bytes = name.name.getBytes(StandardCharsets.UTF_8);
            int slot = hash(bytes, 0, bytes.length) & mask;
            while (names[slot] != null) {
                slot = (slot + 1) & mask;
            }
            names[slot] = name;
            nameBytes[slot] = bytes;
        }
    }

    static MessagePlan of(Descriptor descriptor) {
        return of(descriptor, false);
    }

    /** @param sorted whether JSON has the fields by name, as in custom objects, and not as they are declared */
    static MessagePlan of(Descriptor descriptor, boolean sorted) {
        ConcurrentMap<Descriptor, MessagePlan> plans = sorted ? SORTED : PLANS;
        MessagePlan plan = plans.get(descriptor);
        if (plan == null) {
            plan = new MessagePlan(descriptor, sorted);
            MessagePlan earlier = plans.putIfAbsent(descriptor, plan);
            if (earlier != null) {
                plan = earlier;
            }
        }
        return plan;
    }

    /** Null for a field that is not declared. */
    FieldPlan byNumber(int number) {
        return number < byNumber.length ? byNumber[number] : null;
    }

    /** Null for a name that is not declared. */
    Name byName(byte[] source, int start, int end) {
        int slot = hash(source, start, end) & mask;
        for (byte[] name = nameBytes[slot]; name != null; name = nameBytes[slot]) {
            if (Arrays.equals(name, 0, name.length, source, start, end)) {
                return names[slot];
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }

    /** As upstream's errors print it, such as {@code v1.Container}. */
    String goType() {
        String file = descriptor.getFile().getPackage();
        return file.substring(file.lastIndexOf('.') + 1) + "." + descriptor.getName();
    }

    private static void collect(FieldPlan[] fields, List<FieldPlan> inlined, List<Name> into) {
        for (FieldPlan field : fields) {
            if (field.inline) {
                List<FieldPlan> path = new ArrayList<>(inlined);
                path.add(field);
                collect(field.message().fields, path, into);
            } else {
                into.add(new Name(field.jsonName, into.size(), inlined, field));
            }
        }
    }

    private static int hash(byte[] bytes, int start, int end) {
        int hash = end - start;
        for (int i = start; i < end; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash ^ (hash >>> 15);
    }
}
