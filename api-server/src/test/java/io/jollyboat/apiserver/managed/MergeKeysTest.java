package io.jollyboat.apiserver.managed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.jollyboat.apiserver.facts.Facts;
import io.jollyboat.codec.JsonFields;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The declarations against what upstream's OpenAPI says of lists, maps and objects. */
class MergeKeysTest {
    @Test
    void listsAndMapsAreMergedAsUpstreamDeclares() {
        Map<String, Descriptor> types = new HashMap<>();
        for (ResourceType<?> type : Kinds.builtIn().all()) {
            collect(type.prototype().getDescriptorForType().getFile(), types);
        }
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (String line : Facts.rows("merge-keys.csv")) {
            String[] row = line.replace("\"merge,retainKeys\"", "merge").split(",", -1);
            Descriptor type = types.get(row[0].replaceFirst("^io\\.k8s\\.", "k8s.io."));
            if (type == null || type.getFullName().endsWith("scheduling.v1alpha1.WorkloadSpec")) {
                continue; // in versions that are not declared, or not served
            }
            compared++;
            String given = given(type, row);
            String wanted = row[1].equals("(type)") || !row[8].isEmpty() ? row[8] : wanted(row);
            if (!given.equals(wanted)) {
                differences.add(row[0] + "." + row[1] + ": " + given + " instead of " + wanted);
            }
        }
        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(300);
    }

    private static String wanted(String[] row) {
        if (row[4].equals("map")) {
            return keys(List.of(row[5].split(";")));
        }
        if (row[4].isEmpty() && row[6].startsWith("merge")) {
            return row[7].isEmpty() ? "set" : "map " + row[7];
        }
        return row[4].isEmpty() ? "atomic" : row[4];
    }

    private static String given(Descriptor type, String[] row) {
        if (row[1].equals("(type)")) {
            return Declared.isAtomic(type) ? "atomic" : "";
        }
        FieldDescriptor field = JsonFields.of(type).get(row[1]);
        if (field == null) {
            return "no field";
        }
        if (!row[8].isEmpty()) {
            return JsonFields.rules(field).getAtomic() ? "atomic" : "granular";
        }
        return switch (Declared.listsOf(field)) {
            case ATOMIC -> "atomic";
            case SET -> "set";
            case MAP -> keys(Declared.keysOf(field));
        };
    }

    private static String keys(List<String> names) {
        return "map " + String.join(" ", names.stream().sorted().toList());
    }

    private static void collect(FileDescriptor file, Map<String, Descriptor> types) {
        for (Descriptor type : file.getMessageTypes()) {
            types.putIfAbsent(type.getFullName(), type);
        }
        for (FileDescriptor dependency : file.getDependencies()) {
            if (types.keySet().stream().noneMatch(name -> name.startsWith(dependency.getPackage() + "."))) {
                collect(dependency, types);
            }
        }
    }
}
