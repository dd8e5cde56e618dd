package io.jollyboat.controllers.objects;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The struct layout of upstream's Go types: which fields in which order, and how Go names their types. The hash of a
 * pod template is taken over a print of its Go struct, so the layout is part of upstream's API.
 */
final class GoLayout {
    private static final class Holder {
        static final GoLayout POD_TEMPLATE = read("pod-template.layout");
    }

    private final Map<String, List<Field>> types;

    private GoLayout(Map<String, List<Field>> types) {
        this.types = types;
    }

    static GoLayout podTemplate() {
        return Holder.POD_TEMPLATE;
    }

    /** The fields of a Go struct type, null when it is no struct of the layout. */
    List<Field> fields(String goType) {
        return types.get(goType);
    }

    private static GoLayout read(String resource) {
        Map<String, List<Field>> types = new HashMap<>();
        try (InputStream in = GoLayout.class.getResourceAsStream(resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<Field> fields = List.of();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                if (line.startsWith(" ")) {
                    String[] part = line.trim().split(" ");
                    fields.add(new Field(part[0].equals("-") ? 0 : Integer.parseInt(part[0]), part[1], part[2]));
                } else {
                    fields = new ArrayList<>();
                    types.put(line, fields);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new GoLayout(types);
    }

    /**
     * @param number of the protobuf field; 0 for a field that has none
     * @param type as Go prints it, such as {@code []v1.Container}
     */
    record Field(int number, String name, String type) {}
}
