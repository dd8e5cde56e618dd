package io.jollyboat.apiserver.validation;

import io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscaler;
import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.PersistentVolumeClaimSpec;
import io.jollyboat.api.policy.v1.PodDisruptionBudget;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.api.scheduling.v1.PriorityClass;
import io.jollyboat.api.storage.v1.StorageClass;
import io.jollyboat.values.Names;
import io.jollyboat.values.Quantities;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rules of leases, priorities, disruption budgets, autoscalers and storage. */
final class PolicyRules {
    private static final String[] MODES = {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"};

    private PolicyRules() {}

    static void lease(Errors errors, Lease lease) {
        MetaRules.check(errors, lease.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        if (lease.getSpec().hasLeaseDurationSeconds() && lease.getSpec().getLeaseDurationSeconds() <= 0) {
            errors.invalid(
                    "spec.leaseDurationSeconds", lease.getSpec().getLeaseDurationSeconds(), "must be greater than 0");
        }
        errors.notNegative("spec.leaseTransitions", lease.getSpec().getLeaseTransitions());
    }

    static void priorityClass(Errors errors, PriorityClass priority) {
        MetaRules.check(errors, priority.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        String name = priority.getMetadata().getName();
        boolean system = name.equals("system-cluster-critical") || name.equals("system-node-critical");
        if (name.startsWith("system-") && !system) {
            errors.forbidden(
                    "metadata.name",
                    "priority class names with 'system-' prefix are reserved for system use only. error: " + name
                            + " is not a known system priority class");
        }
        if (!system && priority.getValue() > 1_000_000_000) {
            errors.forbidden("value", "maximum allowed value of a user defined priority is 1000000000");
        }
        errors.oneOf("preemptionPolicy", priority.getPreemptionPolicy(), "PreemptLowerPriority", "Never");
    }

    static void priorityClassUpdate(Errors errors, PriorityClass priority, PriorityClass old) {
        MetaRules.checkUpdate(errors, priority.getMetadata(), old.getMetadata(), "metadata");
        if (priority.getValue() != old.getValue()) {
            errors.forbidden("value", "may not be changed in an update.");
        }
        errors.unchanged("preemptionPolicy", priority.getPreemptionPolicy(), old.getPreemptionPolicy());
    }

    static void disruptionBudget(Errors errors, PodDisruptionBudget budget) {
        MetaRules.check(errors, budget.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        if (budget.getSpec().hasMinAvailable() && budget.getSpec().hasMaxUnavailable()) {
            errors.invalid(
                    "spec", Errors.shown(budget.getSpec()), "minAvailable and maxUnavailable cannot be both set");
        }
        if (budget.getSpec().hasMinAvailable()) {
            CommonRules.positiveIntOrPercent(errors, budget.getSpec().getMinAvailable(), "spec.minAvailable");
            CommonRules.atMostAll(errors, budget.getSpec().getMinAvailable(), "spec.minAvailable");
        }
        if (budget.getSpec().hasMaxUnavailable()) {
            CommonRules.positiveIntOrPercent(errors, budget.getSpec().getMaxUnavailable(), "spec.maxUnavailable");
            CommonRules.atMostAll(errors, budget.getSpec().getMaxUnavailable(), "spec.maxUnavailable");
        }
        if (budget.getSpec().hasUnhealthyPodEvictionPolicy()) {
            errors.oneOf(
                    "spec.unhealthyPodEvictionPolicy",
                    budget.getSpec().getUnhealthyPodEvictionPolicy(),
                    "AlwaysAllow",
                    "IfHealthyBudget");
        }
        CommonRules.selector(errors, budget.getSpec().getSelector(), "spec.selector");
    }

    static void autoscaler(Errors errors, HorizontalPodAutoscaler scaler) {
        MetaRules.check(errors, scaler.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        if (scaler.getSpec().hasMinReplicas() && scaler.getSpec().getMinReplicas() < 1) {
            errors.invalid("spec.minReplicas", scaler.getSpec().getMinReplicas(), "must be greater than or equal to 1");
        }
        if (scaler.getSpec().getMaxReplicas() < 1) {
            errors.required("spec.maxReplicas", "must be set and greater than 0");
        }
        if (scaler.getSpec().hasMinReplicas()
                && scaler.getSpec().getMaxReplicas() < scaler.getSpec().getMinReplicas()) {
            errors.invalid(
                    "spec.maxReplicas",
                    scaler.getSpec().getMaxReplicas(),
                    "must be greater than or equal to `minReplicas`");
        }
        String at = "spec.scaleTargetRef";
        if (scaler.getSpec().getScaleTargetRef().getKind().isEmpty()) {
            errors.required(at + ".kind");
        } else {
            String kind = scaler.getSpec().getScaleTargetRef().getKind();
            errors.invalid(at + ".kind", kind, Names.pathSegment(kind));
        }
        if (scaler.getSpec().getScaleTargetRef().getName().isEmpty()) {
            errors.required(at + ".name");
        } else {
            String name = scaler.getSpec().getScaleTargetRef().getName();
            errors.invalid(at + ".name", name, Names.pathSegment(name));
        }
    }

    static void claim(Errors errors, PersistentVolumeClaim claim) {
        MetaRules.check(errors, claim.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        PersistentVolumeClaimSpec spec = claim.getSpec();
        if (spec.getAccessModesCount() == 0) {
            errors.required("spec.accessModes", "at least 1 access mode is required");
        }
        CommonRules.selector(errors, spec.getSelector(), "spec.selector");
        modes(errors, spec.getAccessModesList());
        if (!spec.getResources().containsRequests("storage")) {
            errors.required("spec.resources[storage]");
        } else {
            var storage = spec.getResources().getRequestsOrThrow("storage");
            if (Quantities.signum(storage) < 0) {
                errors.invalid(
                        "spec.resources[storage]",
                        Errors.bare(storage.getString()),
                        "must be a valid resource quantity");
            }
            if (Quantities.signum(storage) <= 0) {
                errors.invalid("spec.resources[storage]", storage.getString(), "must be greater than zero");
            }
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
    }

    private static void modes(Errors errors, List<String> modes) {
        boolean alone = false;
        for (String mode : modes) {
            errors.oneOf("spec.accessModes", mode, MODES);
            alone |= mode.equals("ReadWriteOncePod");
        }
        if (alone && modes.size() > 1) {
            errors.forbidden("spec.accessModes", "may not use ReadWriteOncePod with other access modes");
        }
    }

    static void volume(Errors errors, PersistentVolume volume) {
        MetaRules.check(errors, volume.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        if (volume.getSpec().getAccessModesCount() == 0) {
            errors.required("spec.accessModes");
        }
        modes(errors, volume.getSpec().getAccessModesList());
        if (volume.getSpec().getCapacityCount() == 0) {
            errors.required("spec.capacity");
        }
        if (!volume.getSpec().containsCapacity("storage") || volume.getSpec().getCapacityCount() > 1) {
            errors.notSupported(
                    "spec.capacity", Errors.bare(amounts(volume.getSpec().getCapacityMap())), List.of("storage"));
        } else {
            var storage = volume.getSpec().getCapacityOrThrow("storage");
            if (Quantities.signum(storage) < 0) {
                errors.invalid(
                        "spec.capacity[storage]",
                        Errors.bare(storage.getString()),
                        "must be a valid resource quantity");
            }
            if (Quantities.signum(storage) <= 0) {
                errors.invalid("spec.capacity[storage]", storage.getString(), "must be greater than zero");
            }
        }
        errors.oneOf(
                "spec.persistentVolumeReclaimPolicy",
                volume.getSpec().getPersistentVolumeReclaimPolicy(),
                "Delete",
                "Recycle",
                "Retain");
        if (volume.getSpec().getPersistentVolumeSource().getAllFields().isEmpty()) {
            errors.required("spec", "must specify a volume type");
        }
        if (!volume.getSpec().getStorageClassName().isEmpty()) {
            errors.invalid(
                    "spec.storageClassName",
                    volume.getSpec().getStorageClassName(),
                    Names.dns1123Subdomain(volume.getSpec().getStorageClassName()));
        }
        if (volume.getSpec().hasVolumeMode()) {
            errors.oneOf("spec.volumeMode", volume.getSpec().getVolumeMode(), "Block", "Filesystem");
        }
    }

    private static String amounts(Map<String, Quantity> capacity) {
        return capacity.isEmpty()
                ? "null"
                : new TreeMap<>(capacity)
                        .entrySet().stream()
                                .map(entry -> "\"" + entry.getKey() + "\":\""
                                        + entry.getValue().getString() + "\"")
                                .collect(Collectors.joining(",", "{", "}"));
    }

    static void storageClass(Errors errors, StorageClass storage) {
        MetaRules.check(errors, storage.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        if (storage.getProvisioner().isEmpty()) {
            errors.required("provisioner");
        } else {
            errors.invalid("provisioner", storage.getProvisioner(), Names.qualifiedName(storage.getProvisioner()));
        }
        if (storage.containsParameters("")) {
            errors.invalid("parameters", "", "field can not be empty.");
        }
        errors.oneOf("reclaimPolicy", storage.getReclaimPolicy(), "Delete", "Retain");
        errors.oneOf("volumeBindingMode", storage.getVolumeBindingMode(), "Immediate", "WaitForFirstConsumer");
    }

    static void storageClassUpdate(Errors errors, StorageClass storage, StorageClass old) {
        MetaRules.checkUpdate(errors, storage.getMetadata(), old.getMetadata(), "metadata");
        if (!storage.getParametersMap().equals(old.getParametersMap())) {
            errors.forbidden("parameters", "updates to parameters are forbidden.");
        }
        if (!storage.getProvisioner().equals(old.getProvisioner())) {
            errors.forbidden("provisioner", "updates to provisioner are forbidden.");
        }
        errors.unchanged("reclaimPolicy", storage.getReclaimPolicy(), old.getReclaimPolicy());
        errors.unchanged("volumeBindingMode", storage.getVolumeBindingMode(), old.getVolumeBindingMode());
    }
}
