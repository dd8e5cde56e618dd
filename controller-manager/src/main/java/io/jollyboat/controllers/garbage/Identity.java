package io.jollyboat.controllers.garbage;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.Comparator;

/**
 * Which object a node of the graph stands for.
 *
 * @param namespace empty for a cluster-scoped object; for one known from a reference only, the dependent's
 */
record Identity(String apiVersion, String kind, String namespace, String name, String uid) {
    static final Comparator<Identity> ORDER = Comparator.comparing(Identity::kind)
            .thenComparing(Identity::apiVersion)
            .thenComparing(Identity::namespace)
            .thenComparing(Identity::name)
            .thenComparing(Identity::uid);

    static Identity of(ResourceType<?> type, ObjectMeta meta) {
        return new Identity(type.apiVersion(), type.kind(), meta.getNamespace(), meta.getName(), meta.getUid());
    }

    static Identity of(OwnerReference reference, String dependentNamespace) {
        return new Identity(
                reference.getApiVersion(),
                reference.getKind(),
                dependentNamespace,
                reference.getName(),
                reference.getUid());
    }

    Identity inNamespace(String other) {
        return new Identity(apiVersion, kind, other, name, uid);
    }

    /** In whatever version. */
    boolean isOf(ResourceType<?> type) {
        int slash = apiVersion.indexOf('/');
        return kind.equals(type.kind())
                && apiVersion.substring(0, Math.max(slash, 0)).equals(type.group());
    }

    /** Whether the reference means this object, as far as it says. */
    boolean matches(OwnerReference reference) {
        return reference.getUid().equals(uid)
                && reference.getName().equals(name)
                && reference.getKind().equals(kind)
                && reference.getApiVersion().equals(apiVersion);
    }

    ObjectKey key() {
        return ObjectKey.of(namespace, name);
    }
}
