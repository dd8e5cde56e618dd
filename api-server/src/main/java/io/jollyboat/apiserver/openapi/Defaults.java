package io.jollyboat.apiserver.openapi;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jollyboat.api.options.FieldRules;
import io.jollyboat.api.options.JsonForm;
import io.jollyboat.codec.JsonFields;
import tools.jackson.databind.node.ObjectNode;

/** The defaults that version 3 tells: those that are documented, and what upstream's objects cannot be without. */
final class Defaults {
    private Defaults() {}

    static void add(ObjectNode schema, FieldDescriptor field, FieldRules rules) {
        if (field.isRepeated()) {
            return;
        }
        if (rules.getDocumented() && rules.hasDefault()) {
            switch (field.getJavaType()) {
                case INT, LONG -> schema.put("default", Long.parseLong(rules.getDefault()));
                case BOOLEAN -> schema.put("default", Boolean.parseBoolean(rules.getDefault()));
                case STRING, FLOAT, DOUBLE, BYTE_STRING, ENUM, MESSAGE -> schema.put("default", rules.getDefault());
            }
        } else if (!rules.getPointer() || rules.getDocumented()) {
            empty(schema, field, rules.getAlways() || rules.getDocumented());
        }
    }

    /** @param always whether it is written even if empty, which does not matter for objects */
    private static void empty(ObjectNode schema, FieldDescriptor field, boolean always) {
        switch (field.getJavaType()) {
            case MESSAGE -> {
                if (JsonFields.form(field.getMessageType()) == JsonForm.OBJECT) {
                    schema.putObject("default");
                }
            }
            case INT, LONG, DOUBLE, FLOAT -> {
                if (always) {
                    schema.put("default", 0);
                }
            }
            case BOOLEAN -> {
                if (always) {
                    schema.put("default", false);
                }
            }
            case STRING -> {
                if (always) {
                    schema.put("default", "");
                }
            }
            case BYTE_STRING, ENUM -> {
                // No default.
            }
        }
    }
}
