package io.jollyboat.apiserver.request;

import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;

/**
 * The collection, object or subresource that a request is about.
 *
 * @param namespace empty for cluster-scoped kinds and for all namespaces
 * @param name empty for a collection
 * @param subresource empty for the object itself
 */
public record Target(ResourceType<?> type, String namespace, String name, String subresource) {
    public Target(ResourceType<?> type, ObjectKey key) {
        this(type, key.namespace(), key.name(), "");
    }

    /** The key below the resource's prefix. */
    public String key() {
        return key(name);
    }

    public String key(String ofName) {
        return namespace.isEmpty() ? ofName : namespace + "/" + ofName;
    }

    public Target named(String other) {
        return new Target(type, namespace, other, subresource);
    }

    public Target main() {
        return subresource.isEmpty() ? this : new Target(type, namespace, name, "");
    }
}
