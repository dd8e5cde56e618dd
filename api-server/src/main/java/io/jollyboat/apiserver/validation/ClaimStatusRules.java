package io.jollyboat.apiserver.validation;

import io.jollyboat.api.resource.v1.AllocatedDeviceStatus;
import io.jollyboat.api.resource.v1.AllocationResult;
import io.jollyboat.api.resource.v1.DeviceAllocationConfiguration;
import io.jollyboat.api.resource.v1.DeviceRequestAllocationResult;
import io.jollyboat.api.resource.v1.NetworkDeviceData;
import io.jollyboat.api.resource.v1.ResourceClaim;
import io.jollyboat.api.resource.v1.ResourceClaimConsumerReference;
import io.jollyboat.api.resource.v1.ResourceClaimStatus;
import io.jollyboat.errors.FieldError;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of what is allocated for a claim and reserved for pods, and of which status may follow which. */
final class ClaimStatusRules {
    private static final String RESERVED = "status.reservedFor";
    private static final String ALLOCATION = "status.allocation";
    private static final int MOST_CONSUMERS = 256;
    private static final int MOST_RESULTS = 32;
    private static final int MOST_CONFIGURATIONS = 64;
    private static final int MOST_CONDITIONS = 8;
    private static final int MOST_ADDRESSES = 16;
    private static final int LONGEST_INTERFACE_NAME = 256;
    private static final int LONGEST_HARDWARE_ADDRESS = 128;
    private static final String NO_ADDRESS =
            "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)";

    private ClaimStatusRules() {}

    static void update(Errors errors, ResourceClaim claim, ResourceClaim old) {
        MetaRules.checkUpdate(errors, claim.getMetadata(), old.getMetadata(), "metadata");
        ResourceClaimStatus status = claim.getStatus();
        ResourceClaimStatus before = old.getStatus();
        consumers(errors, status.getReservedForList());
        devices(errors, status);
        reservations(errors, claim, before);
        if (before.hasAllocation() && status.hasAllocation()) {
            errors.unchanged(ALLOCATION, status.getAllocation(), before.getAllocation());
        } else if (status.hasAllocation()) {
            Set<String> names = DeviceClaimRules.names(claim.getSpec().getDevices());
            allocation(errors, status.getAllocation(), names);
        }
    }

    private static void consumers(Errors errors, List<ResourceClaimConsumerReference> consumers) {
        if (!DeviceClaimRules.fits(errors, consumers.size(), MOST_CONSUMERS, RESERVED)) {
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < consumers.size(); i++) {
            ResourceClaimConsumerReference consumer = consumers.get(i);
            String path = RESERVED + "[" + i + "]";
            errors.present(path + ".resource", consumer.getResource());
            errors.present(path + ".name", consumer.getName());
            errors.present(path + ".uid", consumer.getUid());
            if (!seen.add(consumer.getUid())) {
                errors.duplicate(path, consumer.getUid());
            }
        }
    }

    private static void reservations(Errors errors, ResourceClaim claim, ResourceClaimStatus before) {
        ResourceClaimStatus status = claim.getStatus();
        if (status.getReservedForCount() == 0) {
            return;
        }
        if (!status.hasAllocation()) {
            errors.forbidden(RESERVED, "may not be specified when `allocated` is not set");
        } else if (claim.getMetadata().hasDeletionTimestamp()
                && !new HashSet<>(before.getReservedForList()).containsAll(status.getReservedForList())) {
            errors.forbidden(
                    RESERVED,
                    "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set");
        }
    }

    private static void devices(Errors errors, ResourceClaimStatus status) {
        Set<String> allocated = status.getAllocation().getDevices().getResultsList().stream()
                .map(result -> id(result.getDriver(), result.getPool(), result.getDevice(), result.getShareID()))
                .collect(Collectors.toSet());
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < status.getDevicesCount(); i++) {
            AllocatedDeviceStatus device = status.getDevices(i);
            String path = "status.devices[" + i + "]";
            device(errors, device.getDriver(), device.getPool(), device.getDevice(), path);
            String id = id(device.getDriver(), device.getPool(), device.getDevice(), device.getShareID());
            if (!allocated.contains(id)) {
                errors.invalid(path, shown(device), "must be an allocated device in the claim");
            }
            DeviceClaimRules.fits(errors, device.getConditionsCount(), MOST_CONDITIONS, path + ".conditions");
            ConditionRules.check(errors, device.getConditionsList(), path + ".conditions", "");
            network(errors, device.getNetworkData(), path + ".networkData");
            if (!seen.add(id)) {
                errors.duplicate(path, shown(device));
            }
        }
    }

    /** As upstream prints the key of a device. */
    private static Object shown(AllocatedDeviceStatus device) {
        return Errors.bare("{\"Driver\":" + FieldError.quoted(device.getDriver()) + ",\"Pool\":"
                + FieldError.quoted(device.getPool()) + ",\"Device\":" + FieldError.quoted(device.getDevice())
                + ",\"ShareID\":" + FieldError.quoted(device.getShareID()) + "}");
    }

    private static void network(Errors errors, NetworkDeviceData data, String path) {
        errors.tooLongBytes(path + ".interfaceName", data.getInterfaceName(), LONGEST_INTERFACE_NAME);
        errors.tooLongBytes(path + ".hardwareAddress", data.getHardwareAddress(), LONGEST_HARDWARE_ADDRESS);
        if (DeviceClaimRules.fits(errors, data.getIpsCount(), MOST_ADDRESSES, path + ".ips")) {
            for (int i = 0; i < data.getIpsCount(); i++) {
                if (!Addresses.isCidr(data.getIps(i))) {
                    errors.invalid(path + ".ips[" + i + "]", data.getIps(i), NO_ADDRESS);
                }
            }
            DeviceClaimRules.unique(errors, data.getIpsList(), path + ".ips");
        }
    }

    private static String id(String driver, String pool, String device, String share) {
        return driver + "/" + pool + "/" + device + (share.isEmpty() ? "" : "/" + share);
    }

    private static void device(Errors errors, String driver, String pool, String device, String path) {
        CsiRules.driverName(errors, driver, path + ".driver");
        DeviceRules.poolName(errors, pool, path + ".pool");
        if (errors.present(path + ".device", device)) {
            errors.invalid(path + ".device", device, Names.dns1123Label(device));
        }
    }

    private static void allocation(Errors errors, AllocationResult allocation, Set<String> names) {
        List<DeviceRequestAllocationResult> results = allocation.getDevices().getResultsList();
        String path = ALLOCATION + ".devices.results";
        for (int i = 0; DeviceClaimRules.fits(errors, results.size(), MOST_RESULTS, path) && i < results.size(); i++) {
            String at = path + "[" + i + "]";
            DeviceRequestAllocationResult result = results.get(i);
            DeviceClaimRules.reference(errors, result.getRequest(), names, at + ".request");
            device(errors, result.getDriver(), result.getPool(), result.getDevice(), at);
        }
        configurations(errors, allocation.getDevices().getConfigList(), names);
        if (allocation.hasNodeSelector()) {
            SchedulingRules.nodeSelector(errors, allocation.getNodeSelector(), ALLOCATION + ".nodeSelector");
        }
    }

    private static void configurations(Errors errors, List<DeviceAllocationConfiguration> list, Set<String> names) {
        String path = ALLOCATION + ".devices.config";
        if (!DeviceClaimRules.fits(errors, list.size(), MOST_CONFIGURATIONS, path)) {
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            String at = path + "[" + i + "]";
            DeviceAllocationConfiguration configuration = list.get(i);
            if (errors.present(at + ".source", configuration.getSource())) {
                errors.oneOf(at + ".source", configuration.getSource(), "FromClaim", "FromClass");
            }
            DeviceClaimRules.references(errors, configuration.getRequestsList(), names, at + ".requests");
            DeviceRules.configuration(errors, configuration.getDeviceConfiguration(), at);
        }
    }
}
