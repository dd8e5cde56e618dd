package io.jollyboat.apiserver.policy;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.Optional;

/** The types that mutations construct: patches, and objects whose fields are not known. */
final class MutationTypes {
    static final String OBJECT = "Object";
    private static final ImmutableMap<String, CelType> FIELDS = ImmutableMap.of(
            "op", SimpleType.STRING, "path", SimpleType.STRING, "from", SimpleType.STRING, "value", SimpleType.DYN);
    static final StructType JSON_PATCH =
            StructType.create("JSONPatch", FIELDS.keySet(), field -> Optional.ofNullable(FIELDS.get(field)));

    private MutationTypes() {}

    static boolean isPatch(CelType type) {
        return type instanceof ListType list && list.elemType().name().equals("JSONPatch");
    }

    static boolean isObject(CelType type) {
        return type.name().equals(OBJECT);
    }
}
