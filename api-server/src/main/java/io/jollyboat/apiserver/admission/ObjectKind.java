package io.jollyboat.apiserver.admission;

import io.jollyboat.kinds.ResourceType;

/** Group, version and kind of an object. */
public record ObjectKind(String group, String version, String kind) {
    public static ObjectKind of(ResourceType<?> type) {
        return new ObjectKind(type.group(), type.version(), type.kind());
    }

    /** @param apiVersion {@code v1} or {@code apps/v1} */
    public static ObjectKind of(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return new ObjectKind(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
    }

    /** {@code v1} or {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
