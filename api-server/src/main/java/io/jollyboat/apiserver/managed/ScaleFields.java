package io.jollyboat.apiserver.managed;

import io.jollyboat.api.meta.v1.ManagedFieldsEntry;
import io.jollyboat.apiserver.managed.Managers.ManagerId;
import io.jollyboat.apiserver.managed.Managers.Owned;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The managed fields of an object as its scale has them, and back: the owners of its replicas own the scale's.
 *
 * @param replicas where the replicas are in the object, by apiVersion; what is owned in other versions is dropped
 */
public record ScaleFields(List<ManagedFieldsEntry> parent, String apiVersion, Map<String, List<String>> replicas) {
    private static final String SCALE = "autoscaling/v1";
    private static final FieldSet IN_SCALE = FieldSet.ofPath("spec", "replicas");

    public List<ManagedFieldsEntry> ofScale() {
        Managers scale = new Managers();
        decoded(parent).all().forEach((id, owned) -> {
            FieldSet path = path(owned.apiVersion());
            if (path != null && !owned.fields().intersection(path).isEmpty()) {
                scale.put(id, new Owned(IN_SCALE, SCALE, owned.time(), null));
            }
        });
        return scale.encode();
    }

    /** The object's managed fields after the scale's became the given ones. */
    public List<ManagedFieldsEntry> ofParent(List<ManagedFieldsEntry> scale) {
        Managers before = decoded(parent);
        Map<ManagerId, Owned> scaled = new HashMap<>(decoded(scale).all());
        Managers after = new Managers();
        before.all().forEach((id, owned) -> {
            if (!replicas.containsKey(owned.apiVersion())) {
                return;
            }
            FieldSet path = path(owned.apiVersion());
            boolean owns = path != null && !owned.fields().intersection(path).isEmpty();
            if (!owns || scaled.remove(id) != null) {
                after.put(id, owned);
                return;
            }
            FieldSet rest = owned.fields().difference(path);
            if (!rest.isEmpty()) {
                after.put(id, owned.with(rest));
            }
        });
        scaled.forEach((id, owned) -> {
            if (!owned.fields().intersection(IN_SCALE).isEmpty()) {
                Owned known = before.get(id);
                FieldSet path = path(apiVersion);
                after.put(id, new Owned(path, apiVersion, known == null ? null : known.time(), null));
            }
        });
        return after.encode();
    }

    private FieldSet path(String version) {
        List<String> path = replicas.get(version);
        return path == null || path.isEmpty() ? null : FieldSet.ofPath(path.toArray(String[]::new));
    }

    private static Managers decoded(List<ManagedFieldsEntry> entries) {
        try {
            return Managers.decode(entries);
        } catch (IllegalArgumentException e) {
            return new Managers();
        }
    }
}
