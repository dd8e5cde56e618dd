package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.resource.v1.AllocatedDeviceStatus;
import io.jollyboat.api.resource.v1.ResourceClaim;
import io.jollyboat.api.resource.v1.ResourceClaimStatus;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Claims of devices: what was reported of a device goes when the device is no longer allocated. */
final class ResourceClaimStrategy extends KindStrategies.Generic {
    static final String RESOURCE = "resourceclaims.resource.k8s.io";
    static final KindStrategy INSTANCE = new ResourceClaimStrategy();

    private ResourceClaimStrategy() {
        super(RESOURCE);
    }

    @Override
    public Message prepareStatus(String subresource, Message object, Message old, Instant now) {
        ResourceClaim claim = (ResourceClaim) object;
        Set<List<String>> freed = allocated(((ResourceClaim) old).getStatus());
        freed.removeAll(allocated(claim.getStatus()));
        if (freed.isEmpty() || claim.getStatus().getDevicesCount() == 0) {
            return object;
        }
        List<AllocatedDeviceStatus> kept = claim.getStatus().getDevicesList().stream()
                .filter(device -> !freed.contains(
                        List.of(device.getDriver(), device.getPool(), device.getDevice(), device.getShareID())))
                .toList();
        ResourceClaim.Builder without = claim.toBuilder();
        without.getStatusBuilder().clearDevices().addAllDevices(kept);
        return without.build();
    }

    private static Set<List<String>> allocated(ResourceClaimStatus status) {
        return status.getAllocation().getDevices().getResultsList().stream()
                .map(result -> List.of(result.getDriver(), result.getPool(), result.getDevice(), result.getShareID()))
                .collect(Collectors.toSet());
    }
}
