package io.jollyboat.controllers.objects;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;

/** Pods made from templates. */
public final class PodTemplates {
    public static final String HASH_LABEL = "pod-template-hash";
    private static final int NAME_LIMIT = 253;

    private PodTemplates() {}

    /** A pod of the template, controlled by the owner, with a name generated from the owner's. */
    public static Pod pod(PodTemplateSpec template, ObjectMeta owner, OwnerReference controller) {
        ObjectMeta meta = ObjectMeta.newBuilder()
                .setNamespace(owner.getNamespace())
                .setGenerateName(generateName(owner.getName()))
                .putAllLabels(template.getMetadata().getLabelsMap())
                .putAllAnnotations(template.getMetadata().getAnnotationsMap())
                .addAllFinalizers(template.getMetadata().getFinalizersList())
                .addOwnerReferences(controller)
                .build();
        return Pod.newBuilder().setMetadata(meta).setSpec(template.getSpec()).build();
    }

    /** With a dash, where the name has room for one. */
    public static String generateName(String owner) {
        return owner.length() < NAME_LIMIT ? owner + "-" : owner;
    }

    /** Whether two templates are the same but for the hash label. */
    public static boolean equalIgnoringHash(PodTemplateSpec a, PodTemplateSpec b) {
        return withoutHash(a).equals(withoutHash(b));
    }

    public static PodTemplateSpec withoutHash(PodTemplateSpec template) {
        if (!template.getMetadata().containsLabels(HASH_LABEL)) {
            return template;
        }
        PodTemplateSpec.Builder copy = template.toBuilder();
        copy.getMetadataBuilder().removeLabels(HASH_LABEL);
        return copy.build();
    }
}
