package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The rules of annotations that once were, or still are, part of a pod's specification. */
final class PodAnnotationRules {
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

    private PodAnnotationRules() {}

    static void check(Errors errors, Pod pod) {
        boolean mirror = pod.getMetadata().containsAnnotations(MIRROR);
        if (mirror && pod.getSpec().getNodeName().isEmpty()) {
            errors.invalid(
                    "metadata.annotations[" + MIRROR + "]",
                    pod.getMetadata().getAnnotationsOrThrow(MIRROR),
                    "must set spec.nodeName if mirror pod annotation is set");
        }
        new TreeMap<>(pod.getMetadata().getAnnotationsMap()).forEach((key, profile) -> {
            if (key.startsWith(APP_ARMOR)) {
                appArmor(errors, pod.getSpec(), key, profile);
            }
        });
    }

    private static void appArmor(Errors errors, PodSpec spec, String key, String profile) {
        String path = "metadata.annotations[" + key + "]";
        String container = key.substring(APP_ARMOR.length());
        boolean there = Stream.of(spec.getContainersList(), spec.getInitContainersList())
                .flatMap(List::stream)
                .anyMatch(each -> each.getName().equals(container));
        if (!there) {
            errors.invalid(path, container, "container not found");
        }
        boolean known = profile.isEmpty()
                || profile.equals("runtime/default")
                || profile.equals("unconfined")
                || profile.startsWith("localhost/");
        if (!known) {
            errors.invalid(path, profile, "invalid AppArmor profile name: \"" + profile + "\"");
        }
    }
}
