package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.PersistentVolumeSource;
import io.jollyboat.api.core.v1.PersistentVolumeSpec;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Names;
import io.jollyboat.values.Quantities;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** The rules of persistent volumes. */
final class PersistentVolumeRules {
    private static final String[] MODES = {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"};

    private PersistentVolumeRules() {}

    static void create(Errors errors, PersistentVolume volume) {
        MetaRules.check(errors, volume.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        spec(errors, volume.getSpec());
    }

    static void update(Errors errors, PersistentVolume volume, PersistentVolume old) {
        // Upstream checks the whole twice.
        create(errors, volume);
        create(errors, volume);
        PersistentVolumeSource source = volume.getSpec().getPersistentVolumeSource();
        PersistentVolumeSource before = old.getSpec().getPersistentVolumeSource();
        boolean mayBeSet = before.hasCsi() && !before.getCsi().hasControllerExpandSecretRef() && source.hasCsi();
        PersistentVolumeSource.Builder compared = source.toBuilder();
        if (mayBeSet) {
            compared.getCsiBuilder().clearControllerExpandSecretRef();
        }
        if (!compared.build().equals(before)) {
            errors.forbidden(
                    "spec.persistentvolumesource",
                    "spec.persistentvolumesource is immutable after creation\n" + SpecDiff.of(before, source));
        }
        errors.unchanged(
                "volumeMode",
                volume.getSpec().hasVolumeMode(),
                volume.getSpec().getVolumeMode(),
                old.getSpec().hasVolumeMode(),
                old.getSpec().getVolumeMode());
        if (old.getSpec().hasNodeAffinity()
                && !volume.getSpec().getNodeAffinity().equals(old.getSpec().getNodeAffinity())) {
            errors.invalid("nodeAffinity", Errors.shown(volume.getSpec().getNodeAffinity()), "field is immutable");
        }
        if (old.getSpec().hasVolumeAttributesClassName() && !volume.getSpec().hasVolumeAttributesClassName()) {
            errors.forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden");
        }
    }

    /** True where the modes go together. */
    static void modes(Errors errors, List<String> modes, String path) {
        boolean alone = false;
        boolean other = false;
        for (String mode : modes) {
            errors.oneOf(path, mode, MODES);
            alone |= mode.equals("ReadWriteOncePod");
            other |= !mode.equals("ReadWriteOncePod") && List.of(MODES).contains(mode);
        }
        if (alone && other) {
            errors.forbidden(path, "may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void spec(Errors errors, PersistentVolumeSpec spec) {
        if (spec.getAccessModesCount() == 0) {
            errors.required("spec.accessModes");
        }
        modes(errors, spec.getAccessModesList(), "spec.accessModes");
        capacity(errors, spec);
        String policy = spec.getPersistentVolumeReclaimPolicy();
        if (!policy.isEmpty()) {
            errors.oneOf("spec.persistentVolumeReclaimPolicy", policy, "Delete", "Recycle", "Retain");
        }
        if (spec.hasNodeAffinity()) {
            if (spec.getNodeAffinity().hasRequired()) {
                SchedulingRules.nodeSelector(
                        errors, spec.getNodeAffinity().getRequired(), "spec.nodeAffinity.required");
            } else {
                errors.required("spec.nodeAffinity.required", "must specify required node constraints");
            }
        }
        PersistentVolumeSource source = spec.getPersistentVolumeSource();
        PersistentVolumeSources.check(errors, source, spec.hasNodeAffinity(), "spec");
        if (policy.equals("Recycle") && isRoot(source)) {
            errors.forbidden("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'");
        }
        if (!spec.getStorageClassName().isEmpty()) {
            errors.invalid(
                    "spec.storageClassName",
                    spec.getStorageClassName(),
                    Names.dns1123Subdomain(spec.getStorageClassName()));
        }
        if (spec.hasVolumeMode()) {
            errors.oneOf("spec.volumeMode", spec.getVolumeMode(), "Block", "Filesystem");
        }
        if (spec.hasVolumeAttributesClassName()) {
            attributesClass(errors, spec);
        }
    }

    private static void attributesClass(Errors errors, PersistentVolumeSpec spec) {
        String name = spec.getVolumeAttributesClassName();
        if (name.isEmpty()) {
            errors.required("spec.volumeAttributesClassName", "an empty string is disallowed");
        } else {
            errors.invalid("spec.volumeAttributesClassName", name, Names.dns1123Subdomain(name));
        }
        if (!spec.getPersistentVolumeSource().hasCsi()) {
            errors.required("spec.csi", "has to be specified when using volumeAttributesClassName");
        }
    }

    private static boolean isRoot(PersistentVolumeSource source) {
        return source.hasHostPath()
                && Path.of("/" + source.getHostPath().getPath()).normalize().equals(Path.of("/"));
    }

    private static void capacity(Errors errors, PersistentVolumeSpec spec) {
        if (spec.getCapacityCount() == 0) {
            errors.required("spec.capacity");
        }
        if (!spec.containsCapacity("storage") || spec.getCapacityCount() > 1) {
            Object shown = spec.getCapacityCount() == 0 ? Errors.bare("null") : Errors.shown(spec.getCapacityMap());
            errors.notSupported("spec.capacity", shown, List.of("storage"));
        }
        new TreeMap<>(spec.getCapacityMap()).forEach((name, amount) -> {
            String at = "spec.capacity[" + name + "]";
            basic(errors, amount, at);
            positive(errors, amount, at);
        });
    }

    static void basic(Errors errors, Quantity amount, String path) {
        if (Quantities.signum(amount) < 0) {
            errors.invalid(
                    path, Errors.bare(Long.toString(Quantities.value(amount))), "must be a valid resource quantity");
        }
    }

    static void positive(Errors errors, Quantity amount, String path) {
        if (Quantities.signum(amount) <= 0) {
            errors.invalid(path, amount.getString(), "must be greater than zero");
        }
    }

    /** A volume that stands in an attachment itself. */
    static void inline(Errors errors, PersistentVolumeSpec spec, String path) {
        String context = "may not be specified in the context of inline volumes";
        if (spec.hasClaimRef()) {
            errors.forbidden(path + ".claimRef", context);
        }
        if (spec.getCapacityCount() > 0) {
            errors.forbidden(path + ".capacity", context);
        }
        if (!spec.getPersistentVolumeSource().hasCsi()) {
            errors.required(path + ".csi", "has to be specified in the context of inline volumes");
        }
        if (spec.getAccessModesCount() == 0) {
            errors.required(path + ".accessModes");
        }
        modes(errors, spec.getAccessModesList(), path + ".accessModes");
        String policy = spec.getPersistentVolumeReclaimPolicy();
        if (!policy.isEmpty() && !policy.equals("Retain")) {
            errors.forbidden(
                    path + ".persistentVolumeReclaimPolicy", "may only be Retain in the context of inline volumes");
        }
        if (spec.hasNodeAffinity()) {
            errors.forbidden(path + ".nodeAffinity", context);
        }
        PersistentVolumeSources.check(errors, spec.getPersistentVolumeSource(), false, path);
        if (!spec.getStorageClassName().isEmpty()) {
            errors.forbidden(path + ".storageClassName", context);
        }
        if (spec.hasVolumeMode() && !spec.getVolumeMode().equals("Filesystem")) {
            errors.forbidden(
                    path + ".volumeMode",
                    "may not specify volumeMode other than Filesystem in the context of inline volumes");
        }
    }
}
