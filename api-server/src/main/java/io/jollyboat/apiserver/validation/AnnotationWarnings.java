package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Annotations that became fields. */
final class AnnotationWarnings {
    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
    private static final String STORAGE_CLASS = "volume.beta.kubernetes.io/storage-class";
    private static final Map<String, String> GONE = new LinkedHashMap<>();

    static {
        GONE.put(
                "scheduler.alpha.kubernetes.io/critical-pod",
                "non-functional in v1.16+; use the \"priorityClassName\" field instead");
        GONE.put(
                "seccomp.security.alpha.kubernetes.io/pod",
                "non-functional in v1.27+; use the \"seccompProfile\" field instead");
        GONE.put("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead");
        GONE.put(
                "security.alpha.kubernetes.io/unsafe-sysctls",
                "non-functional in v1.11+; use the \"sysctls\" field instead");
    }

    private AnnotationWarnings() {}

    /** @param path of the metadata */
    static List<String> pod(ObjectMeta meta, PodSpec spec, String path) {
        List<String> found = new ArrayList<>();
        GONE.forEach((key, since) -> {
            if (meta.containsAnnotations(key)) {
                found.add(path + ".annotations[" + key + "]: " + since);
            }
        });
        for (Container container : spec.getContainersList()) {
            String key = APP_ARMOR + container.getName();
            if (meta.containsAnnotations(key) && !container.getSecurityContext().hasAppArmorProfile()) {
                found.add(path + ".annotations[" + key
                        + "]: deprecated since v1.30; use the \"appArmorProfile\" field instead");
            }
        }
        return found;
    }

    static List<String> storageClass(ObjectMeta meta) {
        return meta.containsAnnotations(STORAGE_CLASS)
                ? List.of("metadata.annotations[" + STORAGE_CLASS
                        + "]: deprecated since v1.8; use \"storageClassName\" attribute instead")
                : List.of();
    }
}
