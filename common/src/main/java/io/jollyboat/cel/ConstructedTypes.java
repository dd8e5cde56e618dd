package io.jollyboat.cel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether objects that an expression constructed stand where the names of their types say. */
public final class ConstructedTypes {
    private ConstructedTypes() {}

    /**
     * What upstream says of objects inside of a constructed one that are of another place's type; null where there are none.
     * In {@code Object{spec: x}}, {@code x} is to be an {@code Object.spec}; lists and maps in between have no names.
     */
    public static String misplaced(Object value) {
        if (!isObject(value)) {
            return null;
        }
        List<String> faults = new ArrayList<>();
        check(value, ((MapValue) value).objectType(), faults);
        return faults.isEmpty() ? null : String.join("\n", faults);
    }

    private static boolean isObject(Object value) {
        return value instanceof MapValue map && !map.objectType().equals("map");
    }

    private static void check(Object value, String path, List<String> faults) {
        if (isObject(value)) {
            String name = ((MapValue) value).objectType();
            if (!name.equals(path)) {
                faults.add("unexpected type name \"" + name + "\", expected \"" + path
                        + "\", which matches field name path from root Object type");
            }
            ((MapValue) value).forEach((field, inner) -> check(inner, path + "." + field, faults));
        } else if (value instanceof List<?> list && !(value instanceof JsonBacked)) {
            list.forEach(element -> check(element, path, faults));
        } else if (value instanceof Map<?, ?> map && !(value instanceof JsonBacked)) {
            map.values().forEach(inner -> check(inner, path, faults));
        }
    }
}
