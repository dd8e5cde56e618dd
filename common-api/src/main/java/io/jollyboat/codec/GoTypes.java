package io.jollyboat.codec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Go's names for types that are none on the wire. Read when the first value of a wrong type comes. */
final class GoTypes {
    private GoTypes() {}

    private static final class Table {
        private static final Map<String, String> TYPES = read();

        private static Map<String, String> read() {
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(GoTypes.class.getResourceAsStream("go-types.txt"), StandardCharsets.UTF_8))) {
                return lines.lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.split(" ", 2))
                        .collect(Collectors.toUnmodifiableMap(parts -> parts[0], parts -> parts[1]));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** @return null where Go has no name of its own */
    static String of(String field) {
        return Table.TYPES.get(field);
    }
}
