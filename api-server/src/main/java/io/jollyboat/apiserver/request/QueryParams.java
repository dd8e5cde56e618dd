package io.jollyboat.apiserver.request;

import io.jollyboat.errors.ApiException;
import java.util.List;
import java.util.Map;

/** A request's query, read with upstream's rules of conversion. The first value of a name counts. */
public record QueryParams(Map<String, List<String>> values) {
    public static final QueryParams NONE = new QueryParams(Map.of());

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** Empty when absent. */
    public String text(String name) {
        List<String> all = values.get(name);
        return all == null || all.isEmpty() ? "" : all.getFirst();
    }

    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Anything but absence, {@code 0} and {@code false} is true. */
    public boolean flag(String name) {
        if (!has(name)) {
            return false;
        }
        String value = text(name);
        return !(value.equals("0") || value.equalsIgnoreCase("false"));
    }

    /** Null when absent or empty; 400 with upstream's text when it is no number. */
    public Long number(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            return null;
        }
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
        }
    }
}
