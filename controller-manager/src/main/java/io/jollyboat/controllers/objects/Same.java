package io.jollyboat.controllers.objects;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.options.Options;
import java.util.List;
import java.util.Map;

/**
 * Equality of API objects as upstream means it: a field that cannot tell zero from absent is the same either way, for
 * writers differ in whether they send zeros.
 */
public final class Same {
    private Same() {}

    public static <T extends Message> boolean same(T a, T b) {
        return a.equals(b) || normal(a).equals(normal(b));
    }

    /** The message without zeros that mean absent. */
    static Message normal(Message message) {
        Message.Builder result = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> e : message.getAllFields().entrySet()) {
            FieldDescriptor field = e.getKey();
            boolean pointer = field.getOptions().getExtension(Options.field).getPointer();
            if (field.isMapField()) {
                continue;
            }
            if (field.isRepeated()) {
                if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                    List<?> values = (List<?>) e.getValue();
                    for (int i = 0; i < values.size(); i++) {
                        result.setRepeatedField(field, i, normal((Message) values.get(i)));
                    }
                }
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                Message value = normal((Message) e.getValue());
                if (!pointer && value.equals(value.getDefaultInstanceForType())) {
                    result.clearField(field);
                } else {
                    result.setField(field, value);
                }
            } else if (!pointer && e.getValue().equals(field.getDefaultValue())) {
                result.clearField(field);
            }
        }
        return result.build();
    }
}
