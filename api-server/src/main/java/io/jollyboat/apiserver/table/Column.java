package io.jollyboat.apiserver.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One column.
 *
 * @param type string, integer, number, boolean or date
 * @param format {@code name} for the column that names the object, else mostly empty
 * @param priority above 0 for columns that only wide output shows
 */
public record Column(String name, String type, String format, String description, int priority) {
    /**
     * Reads short definitions: a name alone is a string; {@code :integer} gives another type, a final {@code *} keeps
     * the column to wide output.
     */
    static List<Column> of(String... definitions) {
        List<Column> columns = new ArrayList<>();
        for (String definition : definitions) {
            boolean wide = definition.endsWith("*");
            String text = wide ? definition.substring(0, definition.length() - 1) : definition;
            int colon = text.indexOf(':');
            String name = colon < 0 ? text : text.substring(0, colon);
            columns.add(new Column(
                    name,
                    colon < 0 ? "string" : text.substring(colon + 1),
                    name.equals("Name") && columns.isEmpty() ? "name" : "",
                    description(name),
                    wide ? 1 : 0));
        }
        return List.copyOf(columns);
    }

    private static String description(String name) {
        return switch (name) {
            case "Name" -> "The object's name, unique among those of its kind and namespace.";
            case "Age" -> "How long ago the object was created.";
            case "Created At" -> "When the object was created.";
            default -> "The object's " + name.toLowerCase(Locale.ROOT).replace('-', ' ') + ".";
        };
    }
}
