package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Lays what a policy wants over an object, as server-side apply would, without noting who owns what. */
public final class ConfigurationMerge {
    private ConfigurationMerge() {}

    /**
     * The object with the configuration's fields.
     *
     * @param configuration without apiVersion and kind, which are those of the schema
     */
    public static Message merge(ObjectSchema schema, Message live, ObjectNode configuration) throws MergeFault {
        ObjectNode wanted = configuration.deepCopy();
        wanted.put("apiVersion", schema.apiVersion());
        wanted.put("kind", schema.kind());
        FieldType type = schema.type();
        check(type, wanted, false, "failed to convert patch object to typed object: ");
        List<String> atomics = new ArrayList<>();
        findAtomics("", type, wanted, atomics);
        if (!atomics.isEmpty()) {
            throw new MergeFault("invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: "
                    + String.join(", ", atomics));
        }
        JsonNode there = JsonCodec.toTree(live, schema.apiVersion(), schema.kind());
        check(type, there, true, "failed to convert original object to typed object: ");
        try {
            return schema.message(TreeMerger.merge(type, there, wanted));
        } catch (DecodeException e) {
            throw new MergeFault("failed to convert typed object to object: " + e.getMessage());
        }
    }

    private static void check(FieldType type, JsonNode tree, boolean duplicates, String what) throws MergeFault {
        try {
            TreeValidator.check(type, tree, duplicates);
        } catch (TypeMismatch e) {
            throw new MergeFault(what + e.getMessage());
        }
    }

    /** What is one value can only be replaced as a whole, which an apply of some fields does not mean. */
    private static void findAtomics(String path, FieldType type, JsonNode value, List<String> found) {
        if (value.isObject() && type.map() != null) {
            if (type.map().atomic()) {
                found.add(path);
            }
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                FieldType.Field declared = type.map().fields().get(field.getKey());
                if (declared != null) {
                    findAtomics(path + "." + field.getKey(), declared.type().get(), field.getValue(), found);
                }
            }
        } else if (value.isArray() && type.list() != null) {
            if (!type.list().associative()) {
                found.add(path);
            }
            for (int i = 0; i < value.size(); i++) {
                findAtomics(path + "[" + i + "]", type.list().element().get(), value.get(i), found);
            }
        }
    }
}
