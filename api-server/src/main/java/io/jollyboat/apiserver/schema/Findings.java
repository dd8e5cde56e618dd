package io.jollyboat.apiserver.schema;

import io.jollyboat.errors.FieldError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What is wrong with a value, each message once, as upstream counts them. */
final class Findings {
    /** How upstream shows the path of an error that has none. */
    static final String NOWHERE = "<nil>";

    private final String prefix;
    private Map<String, FieldError> found = Map.of();

    /** @param prefix the path of the value that is validated, empty for a whole object */
    Findings(String prefix) {
        this.prefix = prefix;
    }

    Findings sibling() {
        return new Findings(prefix);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<FieldError> errors() {
        return List.copyOf(found.values());
    }

    /** An error at a place. */
    void at(String path, FieldError.Type type, Object value, String detail, String message) {
        put(message, () -> FieldError.of(type, field(path), value, detail));
    }

    /** An error whose text alone says where it is. */
    void anywhere(String message) {
        put(message, () -> FieldError.invalid(prefix.isEmpty() ? NOWHERE : prefix, "", message));
    }

    private void put(String message, Supplier<FieldError> error) {
        if (found.isEmpty()) {
            found = new LinkedHashMap<>();
        }
        found.computeIfAbsent(message, _ -> error.get());
    }

    void addAll(Findings others) {
        if (!others.found.isEmpty()) {
            if (found.isEmpty()) {
                found = new LinkedHashMap<>();
            }
            others.found.forEach(found::putIfAbsent);
        }
    }

    private String field(String path) {
        String own = path.startsWith(".") ? path.substring(1) : path;
        if (own.isEmpty()) {
            return prefix.isEmpty() ? NOWHERE : prefix;
        }
        return prefix.isEmpty() ? own : prefix + "." + own;
    }
}
