package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.PersistentVolumeClaimSpec;
import io.jollyboat.api.core.v1.TypedLocalObjectReference;
import io.jollyboat.api.core.v1.TypedObjectReference;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Names;
import io.jollyboat.values.Quantities;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** The rules of persistent volume claims. */
final class ClaimRules {
    private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

    private ClaimRules() {}

    static void create(Errors errors, PersistentVolumeClaim claim) {
        MetaRules.check(errors, claim.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        spec(errors, claim.getSpec(), "spec");
    }

    /** A claim's specification, wherever it stands. */
    static void spec(Errors errors, PersistentVolumeClaimSpec spec, String path) {
        if (spec.getAccessModesCount() == 0) {
            errors.required(path + ".accessModes", "at least 1 access mode is required");
        }
        CommonRules.selector(errors, spec.getSelector(), path + ".selector");
        PersistentVolumeRules.modes(errors, spec.getAccessModesList(), path + ".accessModes");
        String storage = path + ".resources[storage]";
        if (spec.getResources().containsRequests("storage")) {
            Quantity amount = spec.getResources().getRequestsOrThrow("storage");
            PersistentVolumeRules.positive(errors, amount, storage);
        } else {
            errors.required(storage);
        }
        name(errors, spec.getStorageClassName(), path + ".storageClassName");
        if (spec.hasVolumeMode()) {
            errors.oneOf(path + ".volumeMode", spec.getVolumeMode(), "Block", "Filesystem");
        }
        sources(errors, spec, path);
        name(errors, spec.getVolumeAttributesClassName(), path + ".volumeAttributesClassName");
    }

    private static void name(Errors errors, String name, String path) {
        if (!name.isEmpty()) {
            errors.invalid(path, name, Names.dns1123Subdomain(name));
        }
    }

    private static void sources(Errors errors, PersistentVolumeClaimSpec spec, String path) {
        TypedLocalObjectReference source = spec.getDataSource();
        TypedObjectReference reference = spec.getDataSourceRef();
        if (spec.hasDataSource()) {
            source(errors, source.getApiGroup(), source.getKind(), source.getName(), path + ".dataSource");
        }
        if (spec.hasDataSourceRef()) {
            String at = path + ".dataSourceRef";
            source(errors, reference.getApiGroup(), reference.getKind(), reference.getName(), at);
            if (!reference.getNamespace().isEmpty()) {
                errors.invalid(
                        at + ".namespace", reference.getNamespace(), Names.dns1123Label(reference.getNamespace()));
            }
        }
        if (!spec.hasDataSource() || !spec.hasDataSourceRef()) {
            return;
        }
        boolean same = source.getName().equals(reference.getName())
                && source.getKind().equals(reference.getKind())
                && source.hasApiGroup() == reference.hasApiGroup()
                && source.getApiGroup().equals(reference.getApiGroup());
        // What upstream shows as the value is a path, of which nothing is visible.
        if (!reference.getNamespace().isEmpty()) {
            errors.invalid(path, Errors.bare("{}"), "may not be specified when dataSourceRef.namespace is specified");
        } else if (!same) {
            errors.invalid(path, Errors.bare("{}"), "must match dataSourceRef");
        }
    }

    private static void source(Errors errors, String group, String kind, String name, String path) {
        errors.present(path + ".name", name);
        errors.present(path + ".kind", kind);
        if (group.isEmpty() && !kind.equals("PersistentVolumeClaim")) {
            errors.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        name(errors, group, path + ".apiGroup");
    }

    static void update(Errors errors, PersistentVolumeClaim claim, PersistentVolumeClaim old) {
        MetaRules.checkUpdate(errors, claim.getMetadata(), old.getMetadata(), "metadata");
        create(errors, claim);
        String now = claim.getMetadata().getAnnotationsMap().get(CLASS_ANNOTATION);
        String before = old.getMetadata().getAnnotationsMap().get(CLASS_ANNOTATION);
        if (!Objects.equals(now, before)) {
            errors.invalid(
                    "metadata.annotations[" + CLASS_ANNOTATION + "]", now == null ? "" : now, "field is immutable");
        }
        PersistentVolumeClaimSpec compared = compared(claim, old);
        if (!compared.equals(comparedOld(claim, old))) {
            errors.forbidden(
                    "spec",
                    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound"
                            + " claims\n"
                            + SpecDiff.of(comparedOld(claim, old), compared));
        }
        Quantity size = storage(claim.getSpec());
        boolean shrinks = Quantities.compare(size, storage(old.getSpec())) < 0;
        Quantity actual = old.getStatus().getCapacityOrDefault("storage", Quantities.zero());
        if (shrinks && Quantities.compare(size, actual) <= 0) {
            errors.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
        }
        errors.unchanged(
                "volumeMode",
                claim.getSpec().hasVolumeMode(),
                claim.getSpec().getVolumeMode(),
                old.getSpec().hasVolumeMode(),
                old.getSpec().getVolumeMode());
        if (old.getStatus().hasCurrentVolumeAttributesClassName()) {
            keepsAttributes(errors, claim.getSpec(), old.getSpec());
        }
    }

    private static void keepsAttributes(Errors errors, PersistentVolumeClaimSpec spec, PersistentVolumeClaimSpec old) {
        String path = "spec.volumeAttributesClassName";
        String suffix = " is forbidden when status.currentVolumeAttributesClassName is not nil";
        if (!spec.hasVolumeAttributesClassName() && old.hasVolumeAttributesClassName()) {
            errors.forbidden(path, "update to nil" + suffix);
        } else if (spec.getVolumeAttributesClassName().isEmpty()
                && !old.getVolumeAttributesClassName().isEmpty()) {
            errors.forbidden(path, "update to empty string" + suffix);
        }
    }

    private static Quantity storage(PersistentVolumeClaimSpec spec) {
        return spec.getResources().getRequestsOrDefault("storage", Quantities.zero());
    }

    /** The volume's name may be set once. */
    private static PersistentVolumeClaimSpec comparedOld(PersistentVolumeClaim claim, PersistentVolumeClaim old) {
        PersistentVolumeClaimSpec.Builder spec = old.getSpec().toBuilder();
        if (old.getSpec().getVolumeName().isEmpty()) {
            spec.clearVolumeName();
            if (claim.getSpec().hasVolumeName()) {
                spec.setVolumeName(claim.getSpec().getVolumeName());
            }
        }
        return spec.build();
    }

    /** A bound claim may ask for another size and other attributes. */
    private static PersistentVolumeClaimSpec compared(PersistentVolumeClaim claim, PersistentVolumeClaim old) {
        PersistentVolumeClaimSpec.Builder spec = claim.getSpec().toBuilder();
        if (!old.getSpec().hasStorageClassName() && !old.getMetadata().containsAnnotations(CLASS_ANNOTATION)) {
            // A claim that came before its default class takes it later.
            spec.clearStorageClassName();
        }
        if (!claim.getStatus().getPhase().equals("Bound")) {
            return spec.build();
        }
        if (spec.getResources().getRequestsCount() > 0
                && old.getSpec().getResources().containsRequests("storage")) {
            spec.getResourcesBuilder().putRequests("storage", storage(old.getSpec()));
        }
        spec.clearVolumeAttributesClassName();
        if (old.getSpec().hasVolumeAttributesClassName()) {
            spec.setVolumeAttributesClassName(old.getSpec().getVolumeAttributesClassName());
        }
        return spec.build();
    }

    static void statusUpdate(Errors errors, PersistentVolumeClaim claim, PersistentVolumeClaim old) {
        MetaRules.checkUpdate(errors, claim.getMetadata(), old.getMetadata(), "metadata");
        if (claim.getSpec().getAccessModesCount() == 0) {
            errors.required("Spec.accessModes");
        }
        new TreeMap<>(claim.getStatus().getCapacityMap())
                .forEach(
                        (name, amount) -> PersistentVolumeRules.basic(errors, amount, "status.capacity[" + name + "]"));
        List<String> states = List.of(
                "ControllerResizeInfeasible",
                "ControllerResizeInProgress",
                "NodeResizeInfeasible",
                "NodeResizeInProgress",
                "NodeResizePending");
        new TreeMap<>(claim.getStatus().getAllocatedResourceStatusesMap()).forEach((name, state) -> {
            if (!states.contains(state)) {
                errors.notSupported("status.allocatedResourceStatuses", name, states);
            }
        });
        new TreeMap<>(claim.getStatus().getAllocatedResourcesMap())
                .forEach((name, amount) ->
                        PersistentVolumeRules.basic(errors, amount, "status.allocatedResources[" + name + "]"));
    }
}
