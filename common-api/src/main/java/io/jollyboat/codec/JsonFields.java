package io.jollyboat.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jollyboat.api.options.FieldRules;
import io.jollyboat.api.options.JsonForm;
import io.jollyboat.api.options.Options;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The fields of a message as its JSON object has them: those of inlined messages are its own. */
public final class JsonFields {
    private static final ConcurrentMap<Descriptor, Map<String, FieldDescriptor>> FIELDS = new ConcurrentHashMap<>();

    private JsonFields() {}

    /** JSON names in the order of JSON, without apiVersion and kind. */
    public static Map<String, FieldDescriptor> of(Descriptor type) {
        Map<String, FieldDescriptor> fields = FIELDS.get(type);
        if (fields == null) {
            Map<String, FieldDescriptor> collected = new LinkedHashMap<>();
            collect(type, collected);
            fields = Collections.unmodifiableMap(collected);
            FIELDS.putIfAbsent(type, fields);
        }
        return fields;
    }

    public static FieldRules rules(FieldDescriptor field) {
        return field.getOptions().getExtension(Options.field);
    }

    public static JsonForm form(Descriptor type) {
        return type.getOptions().getExtension(Options.type).getJsonForm();
    }

    private static void collect(Descriptor type, Map<String, FieldDescriptor> into) {
        for (FieldDescriptor field : type.getFields()) {
            FieldRules rules = rules(field);
            if (rules.getInline()) {
                collect(field.getMessageType(), into);
            } else {
                into.put(rules.hasJson() ? rules.getJson() : field.getName(), field);
            }
        }
    }
}
