package io.jollyboat.controllers.objects;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.api.quantity.Quantity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints a message as upstream's spew prints the Go struct with the same content. A time other than the zero time is
 * printed without Go's time zone pointer; templates have none.
 */
final class GoPrint {
    // Seconds from Go's year 1 to 1970.
    private static final long GO_EPOCH = 62_135_596_800L;

    private final GoLayout layout;
    private final StringBuilder out = new StringBuilder(4096);

    private GoPrint(GoLayout layout) {
        this.layout = layout;
    }

    static String of(Message message, String goType, GoLayout layout) {
        GoPrint print = new GoPrint(layout);
        print.type(goType);
        print.struct(message, goType);
        return print.out.toString();
    }

    private void type(String goType) {
        out.append('(').append(goType).append(')');
    }

    private void struct(MessageOrBuilder message, String goType) {
        out.append('{');
        Descriptor descriptor = message.getDescriptorForType();
        boolean first = true;
        for (GoLayout.Field field : layout.fields(goType)) {
            if (!first) {
                out.append(' ');
            }
            first = false;
            out.append(field.name()).append(':');
            FieldDescriptor fd = descriptor.findFieldByNumber(field.number());
            if (fd == null) {
                throw new IllegalStateException(
                        descriptor.getFullName() + " has no field " + field.number() + " for Go's " + field.name());
            }
            field(message, fd, field.type());
        }
        out.append('}');
    }

    private void field(MessageOrBuilder message, FieldDescriptor fd, String goType) {
        type(goType);
        if (fd.isMapField()) {
            map(message, fd);
        } else if (fd.isRepeated()) {
            list(message, fd, goType.substring("[]".length()));
        } else if (goType.startsWith("*")) {
            if (message.hasField(fd)) {
                value(message.getField(fd), goType.substring(1));
            } else {
                out.append("<nil>");
            }
        } else {
            value(message.getField(fd), goType);
        }
    }

    private void list(MessageOrBuilder message, FieldDescriptor fd, String elementType) {
        List<?> values = (List<?>) message.getField(fd);
        if (values.isEmpty()) {
            out.append("<nil>");
            return;
        }
        out.append('[');
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.append(' ');
            }
            value(values.get(i), elementType);
        }
        out.append(']');
    }

    private void map(MessageOrBuilder message, FieldDescriptor fd) {
        List<?> entries = (List<?>) message.getField(fd);
        if (entries.isEmpty()) {
            out.append("<nil>");
            return;
        }
        Map<String, Object> sorted = new TreeMap<>(GoPrint::compareUtf8);
        FieldDescriptor key = fd.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = fd.getMessageType().findFieldByNumber(2);
        for (Object entry : entries) {
            Message pair = (Message) entry;
            sorted.put((String) pair.getField(key), pair.getField(value));
        }
        out.append("map[");
        boolean first = true;
        for (Map.Entry<String, Object> e : sorted.entrySet()) {
            if (!first) {
                out.append(' ');
            }
            first = false;
            out.append(e.getKey()).append(':');
            value(e.getValue(), "");
        }
        out.append(']');
    }

    private void value(Object value, String goType) {
        switch (value) {
            case Quantity quantity -> GoQuantity.print(quantity.getString(), out);
            case Time time -> time(time);
            case Message message -> struct(message, goType);
            default -> out.append(value);
        }
    }

    private void time(Time time) {
        long seconds = time.getSeconds();
        boolean zero = seconds == 0 && time.getNanos() == 0;
        out.append("{Time:(time.Time){wall:(uint64)")
                .append(time.getNanos())
                .append(" ext:(int64)")
                .append(zero ? 0 : seconds + GO_EPOCH)
                .append(" loc:(*time.Location)<nil>}}");
    }

    // Go compares strings by their bytes.
    private static int compareUtf8(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
