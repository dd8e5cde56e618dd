package io.jollyboat.apiserver.validation;

import io.jollyboat.api.storage.v1.CSIDriver;
import io.jollyboat.api.storage.v1.CSIDriverSpec;
import io.jollyboat.api.storage.v1.CSINode;
import io.jollyboat.api.storage.v1.CSINodeDriver;
import io.jollyboat.api.storage.v1.CSIStorageCapacity;
import io.jollyboat.api.storage.v1.TokenRequest;
import io.jollyboat.values.Names;
import io.jollyboat.values.Quantities;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules of what storage drivers say of themselves. */
final class CsiRules {
    private static final int DRIVER_NAME_LIMIT = 63;
    private static final int NODE_ID_LIMIT = 192;

    private CsiRules() {}

    /** The name of a driver, wherever one stands. */
    static void driverName(Errors errors, String name, String path) {
        if (!errors.present(path, name)) {
            return;
        }
        if (name.length() > DRIVER_NAME_LIMIT) {
            errors.tooLong(path, DRIVER_NAME_LIMIT);
        }
        errors.invalid(path, name, Names.dns1123Subdomain(name.toLowerCase(Locale.ROOT)));
    }

    static void driver(Errors errors, CSIDriver driver) {
        MetaRules.check(errors, driver.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        spec(errors, driver.getSpec());
    }

    static void driverUpdate(Errors errors, CSIDriver driver, CSIDriver old) {
        MetaRules.checkUpdate(errors, driver.getMetadata(), old.getMetadata(), "metadata");
        spec(errors, driver.getSpec());
        errors.unchanged(
                "spec.attachedRequired",
                driver.getSpec().getAttachRequired(),
                old.getSpec().getAttachRequired());
        errors.unchanged(
                "spec.volumeLifecycleModes",
                List.copyOf(driver.getSpec().getVolumeLifecycleModesList()),
                List.copyOf(old.getSpec().getVolumeLifecycleModesList()));
    }

    private static void spec(Errors errors, CSIDriverSpec spec) {
        present(errors, spec.hasAttachRequired(), "spec.attachedRequired");
        present(errors, spec.hasPodInfoOnMount(), "spec.podInfoOnMount");
        present(errors, spec.hasStorageCapacity(), "spec.storageCapacity");
        if (spec.hasFsGroupPolicy()) {
            errors.oneOf("spec.fsGroupPolicy", spec.getFsGroupPolicy(), "File", "None", "ReadWriteOnceWithFSType");
        }
        tokens(errors, spec.getTokenRequestsList());
        for (String mode : spec.getVolumeLifecycleModesList()) {
            errors.oneOf("spec.volumeLifecycleModes", mode, "Persistent", "Ephemeral");
        }
        present(errors, spec.hasSeLinuxMount(), "spec.seLinuxMount");
        long period = spec.getNodeAllocatableUpdatePeriodSeconds();
        if (spec.hasNodeAllocatableUpdatePeriodSeconds() && period < 10) {
            errors.invalid(
                    "spec.nodeAllocatableUpdatePeriodSeconds", period, "must be greater than or equal to 10 seconds");
        }
        if (spec.hasServiceAccountTokenInSecrets() && spec.getTokenRequestsCount() == 0) {
            errors.invalid(
                    "spec.serviceAccountTokenInSecrets",
                    spec.getServiceAccountTokenInSecrets(),
                    "serviceAccountTokenInSecrets is set but no tokenRequests are specified");
        }
    }

    private static void present(Errors errors, boolean present, String path) {
        if (!present) {
            errors.required(path);
        }
    }

    private static void tokens(Errors errors, List<TokenRequest> requests) {
        Set<String> audiences = new HashSet<>();
        for (int i = 0; i < requests.size(); i++) {
            String at = "spec.tokenRequests[" + i + "]";
            if (!audiences.add(requests.get(i).getAudience())) {
                errors.duplicate(at + ".audience", requests.get(i).getAudience());
                continue;
            }
            if (requests.get(i).hasExpirationSeconds()) {
                long seconds = requests.get(i).getExpirationSeconds();
                if (seconds < 600) {
                    errors.invalid(
                            at + ".expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
                }
                if (seconds > 1L << 32) {
                    errors.invalid(
                            at + ".expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
                }
            }
        }
    }

    static void node(Errors errors, CSINode node) {
        MetaRules.check(errors, node.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < node.getSpec().getDriversCount(); i++) {
            CSINodeDriver driver = node.getSpec().getDrivers(i);
            String at = "spec.drivers[" + i + "]";
            driverName(errors, driver.getName(), at + ".name");
            if (driver.getNodeID().isEmpty()) {
                errors.required(at + ".nodeID");
            }
            if (driver.getNodeID().length() > NODE_ID_LIMIT) {
                errors.invalid(at + ".nodeID", driver.getNodeID(), "must be " + NODE_ID_LIMIT + " characters or less");
            }
            errors.notNegative(
                    at + ".allocatable.count", driver.getAllocatable().getCount());
            if (!names.add(driver.getName())) {
                errors.duplicate(at + ".name", driver.getName());
            }
            topologyKeys(errors, driver.getTopologyKeysList(), at);
        }
    }

    private static void topologyKeys(Errors errors, List<String> keys, String path) {
        Set<String> seen = new HashSet<>();
        for (String key : keys) {
            if (key.isEmpty()) {
                errors.required(path);
            }
            if (!seen.add(key)) {
                errors.duplicate(path, key);
            }
            errors.invalid(path, key, Names.qualifiedName(key));
        }
    }

    static void nodeUpdate(Errors errors, CSINode node, CSINode old) {
        node(errors, node);
        for (CSINodeDriver before : old.getSpec().getDriversList()) {
            for (CSINodeDriver now : node.getSpec().getDriversList()) {
                if (before.getName().equals(now.getName())) {
                    errors.unchanged(
                            "spec.drivers",
                            now.toBuilder().clearAllocatable().build(),
                            before.toBuilder().clearAllocatable().build());
                }
            }
        }
    }

    static void capacity(Errors errors, CSIStorageCapacity capacity) {
        MetaRules.check(errors, capacity.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        CommonRules.selector(errors, capacity.getNodeTopology(), "nodeTopology");
        String storage = capacity.getStorageClassName();
        errors.invalid("storageClassName", storage, Names.dns1123Subdomain(storage));
        if (capacity.hasCapacity() && Quantities.signum(capacity.getCapacity()) < 0) {
            errors.invalid("capacity", capacity.getCapacity().getString(), "must be greater than or equal to 0");
        }
    }

    static void capacityUpdate(Errors errors, CSIStorageCapacity capacity, CSIStorageCapacity old) {
        MetaRules.checkUpdate(errors, capacity.getMetadata(), old.getMetadata(), "metadata");
        errors.unchanged(
                "nodeTopology",
                capacity.hasNodeTopology(),
                capacity.getNodeTopology(),
                old.hasNodeTopology(),
                old.getNodeTopology());
        String storage = capacity.getStorageClassName();
        if (!storage.equals(old.getStorageClassName())) {
            errors.invalid("storageClassName", storage, Names.dns1123Subdomain(storage));
        }
        errors.unchanged("storageClassName", storage, old.getStorageClassName());
    }
}
