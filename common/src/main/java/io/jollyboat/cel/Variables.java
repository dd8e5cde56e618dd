package io.jollyboat.cel;

import java.util.Map;

/** Gives the variables of an evaluation their values: CEL values or JSON trees; null for what has none. */
@FunctionalInterface
public interface Variables {

    /** The value of the named variable, or null. */
    Object find(String name);

    /** Variables from a map. */
    static Variables of(Map<String, ?> values) {
        return values::get;
    }
}
