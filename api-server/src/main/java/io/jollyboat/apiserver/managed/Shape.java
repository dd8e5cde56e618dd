package io.jollyboat.apiserver.managed;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jollyboat.api.options.Options;
import io.jollyboat.codec.JsonFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A message type as its JSON object: the fields in the order of their names, those of inlined messages among them. */
final class Shape {
    private static final ConcurrentMap<Descriptor, Shape> SHAPES = new ConcurrentHashMap<>();

    final boolean atomic;
    final Part[] parts;

    private Shape(Descriptor type) {
        this.atomic = Declared.isAtomic(type);
        List<Part> all = new ArrayList<>();
        collect(type, List.of(), all);
        all.sort(Comparator.comparing(part -> part.step));
        this.parts = all.toArray(Part[]::new);
    }

    static Shape of(Descriptor type) {
        Shape shape = SHAPES.get(type);
        if (shape == null) {
            shape = new Shape(type);
            Shape earlier = SHAPES.putIfAbsent(type, shape);
            shape = earlier == null ? shape : earlier;
        }
        return shape;
    }

    private static void collect(Descriptor type, List<FieldDescriptor> inlined, List<Part> into) {
        for (FieldDescriptor field : type.getFields()) {
            if (field.getOptions().getExtension(Options.field).getInline()) {
                List<FieldDescriptor> path = new ArrayList<>(inlined);
                path.add(field);
                collect(field.getMessageType(), path, into);
            } else {
                into.add(new Part(type, inlined, field));
            }
        }
    }

    /** The part with the JSON name; for keys of lists. */
    Part part(String name) {
        for (Part part : parts) {
            if (part.step.name().equals(name)) {
                return part;
            }
        }
        throw new IllegalArgumentException("no field " + name);
    }

    static String jsonName(FieldDescriptor field) {
        var rules = JsonFields.rules(field);
        return rules.hasJson() ? rules.getJson() : field.getName();
    }
}
