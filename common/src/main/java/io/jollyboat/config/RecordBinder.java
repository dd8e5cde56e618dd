package io.jollyboat.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Makes records from parsed YAML. Errors go to a sink, so that one pass finds them all. */
final class RecordBinder {
    /** Stands for a value that was reported as wrong. */
    private enum Failure {
        BROKEN
    }

    private final ScalarReader scalars;
    private final BiConsumer<String, String> errors;

    RecordBinder(Path folder, BiConsumer<String, String> errors) {
        this.scalars = new ScalarReader(folder);
        this.errors = errors;
    }

    /** Null when an error was reported. */
    <R extends Record> R bind(Map<?, ?> values, Class<R> type) {
        return type.cast(orNull(bindRecord("", values, type, null)));
    }

    private static Object orNull(Object value) {
        return value == Failure.BROKEN ? null : value;
    }

    private Object bindRecord(String path, Map<?, ?> values, Class<?> type, Object outerDefaults) {
        RecordComponent[] components = type.getRecordComponents();
        Object defaults = outerDefaults == null ? defaults(type) : outerDefaults;
        reportUnknown(path, values, components);
        Object[] arguments = new Object[components.length];
        boolean broken = false;
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            String key = child(path, component.getName());
            Object preset = defaults == null ? null : read(component, defaults);
            Object value = values.get(component.getName());
            arguments[i] = value == null
                    ? missing(key, component.getGenericType(), preset)
                    : convert(key, value, component.getGenericType(), preset);
            broken |= arguments[i] == Failure.BROKEN;
        }
        return broken ? Failure.BROKEN : construct(path, type, components, arguments);
    }

    private Object missing(String key, Type type, Object preset) {
        if (preset != null) {
            return preset;
        }
        Class<?> raw = raw(type);
        if (raw == List.class) {
            return List.of();
        }
        if (raw == Map.class) {
            return Map.of();
        }
        if (raw == Optional.class) {
            return Optional.empty();
        }
        if (raw.isRecord()) {
            // Its own defaults may do; if not, the errors name the keys inside.
            return bindRecord(key, Map.of(), raw, null);
        }
        return broken(key, "is required");
    }

    private Object convert(String key, Object value, Type type, Object preset) {
        Class<?> raw = raw(type);
        if (raw.isRecord()) {
            return value instanceof Map<?, ?> map
                    ? bindRecord(key, map, raw, preset)
                    : broken(key, "must be a mapping, is " + ScalarReader.describe(value));
        }
        if (raw == Optional.class) {
            Object inner = convert(key, value, argument(type, 0), null);
            return inner == Failure.BROKEN ? Failure.BROKEN : Optional.of(inner);
        }
        if (raw == List.class) {
            return convertList(key, value, argument(type, 0));
        }
        if (raw == Map.class) {
            return convertMap(key, value, argument(type, 1));
        }
        try {
            return scalars.read(value, raw);
        } catch (IllegalArgumentException e) {
            return broken(key, e.getMessage());
        }
    }

    private Object convertList(String key, Object value, Type item) {
        if (!(value instanceof List<?> list)) {
            return broken(key, "must be a list, is " + ScalarReader.describe(value));
        }
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String itemKey = key + "[" + i + "]";
            items.add(list.get(i) == null ? broken(itemKey, "is empty") : convert(itemKey, list.get(i), item, null));
        }
        return items.contains(Failure.BROKEN) ? Failure.BROKEN : List.copyOf(items);
    }

    private Object convertMap(String key, Object value, Type item) {
        if (!(value instanceof Map<?, ?> map)) {
            return broken(key, "must be a mapping, is " + ScalarReader.describe(value));
        }
        Map<String, Object> items = new LinkedHashMap<>();
        map.forEach((name, entry) -> {
            String itemKey = child(key, String.valueOf(name));
            items.put(
                    String.valueOf(name),
                    entry == null ? broken(itemKey, "is empty") : convert(itemKey, entry, item, null));
        });
        return items.containsValue(Failure.BROKEN) ? Failure.BROKEN : Map.copyOf(items);
    }

    private Object construct(String path, Class<?> type, RecordComponent[] components, Object[] arguments) {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                return broken(path, refused.getMessage());
            }
            throw new IllegalStateException(type + " cannot be made", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private void reportUnknown(String path, Map<?, ?> values, RecordComponent[] components) {
        List<String> known =
                Arrays.stream(components).map(RecordComponent::getName).toList();
        for (Object key : values.keySet()) {
            String name = String.valueOf(key);
            if (!known.contains(name)) {
                String hint = Suggestion.of(name, known)
                        .map(s -> ", did you mean \"" + s + "\"?")
                        .orElse(", known are " + String.join(", ", known));
                broken(child(path, name), "unknown key" + hint);
            }
        }
    }

    private Object broken(String key, String error) {
        errors.accept(key, error);
        return Failure.BROKEN;
    }

    private static Object defaults(Class<?> type) {
        try {
            Method method = type.getDeclaredMethod("defaults");
            if (!Modifier.isStatic(method.getModifiers())) {
                return null;
            }
            method.setAccessible(true);
            return method.invoke(null);
        } catch (NoSuchMethodException e) {
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " has broken defaults", e);
        }
    }

    private static Object read(RecordComponent component, Object of) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType parameterized -> (Class<?>) parameterized.getRawType();
            case Type other -> throw new IllegalStateException("a configuration cannot have a " + other);
        };
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static String child(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
