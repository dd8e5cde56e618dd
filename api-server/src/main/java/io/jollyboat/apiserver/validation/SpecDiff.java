package io.jollyboat.apiserver.validation;

import com.google.protobuf.Message;
import io.jollyboat.codec.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What differs between two messages, one line per field, for errors. */
final class SpecDiff {
    private final List<String> lines = new ArrayList<>();

    private SpecDiff() {}

    static String of(Message before, Message after) {
        SpecDiff diff = new SpecDiff();
        diff.compare("", JsonCodec.toTree(before, null, null), JsonCodec.toTree(after, null, null));
        return String.join("\n", diff.lines) + "\n";
    }

    private void compare(String path, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return;
        }
        if (before instanceof ObjectNode left && after instanceof ObjectNode right) {
            TreeSet<String> names = new TreeSet<>(left.propertyNames());
            names.addAll(right.propertyNames());
            names.forEach(
                    name -> compare(path.isEmpty() ? name : path + "." + name, left.path(name), right.path(name)));
        } else if (before.isArray() && after.isArray() && before.size() == after.size()) {
            for (int i = 0; i < before.size(); i++) {
                compare(path + "[" + i + "]", before.get(i), after.get(i));
            }
        } else {
            lines.add("  " + path + ": " + text(before) + " -> " + text(after));
        }
    }

    private static String text(JsonNode node) {
        return node.isMissingNode() ? "unset" : node.toString();
    }
}
