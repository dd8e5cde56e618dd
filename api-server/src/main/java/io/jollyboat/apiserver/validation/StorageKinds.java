package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.resource.v1.DeviceClass;
import io.jollyboat.api.resource.v1.ResourceClaim;
import io.jollyboat.api.resource.v1.ResourceClaimTemplate;
import io.jollyboat.api.resource.v1.ResourceSlice;
import io.jollyboat.api.storage.v1.CSIDriver;
import io.jollyboat.api.storage.v1.CSINode;
import io.jollyboat.api.storage.v1.CSIStorageCapacity;
import io.jollyboat.api.storage.v1.StorageClass;
import io.jollyboat.api.storage.v1.VolumeAttachment;
import io.jollyboat.api.storage.v1.VolumeAttributesClass;

/** Validators of storage and of devices. */
final class StorageKinds {
    private StorageKinds() {}

    static void addTo(Validator.Registry registry) {
        registry.add(PersistentVolume.class, PersistentVolumeRules::create, PersistentVolumeRules::update);
        registry.add(PersistentVolumeClaim.class, ClaimRules::create, ClaimRules::update);
        registry.subresource(PersistentVolumeClaim.class, "status", ClaimRules::statusUpdate);
        registry.add(StorageClass.class, StorageClassRules::create, StorageClassRules::update);
        registry.add(VolumeAttributesClass.class, StorageClassRules::attributes, StorageClassRules::attributesUpdate);
        registry.add(VolumeAttachment.class, VolumeAttachmentRules::create, VolumeAttachmentRules::update);
        registry.add(CSIDriver.class, CsiRules::driver, CsiRules::driverUpdate);
        registry.add(CSINode.class, CsiRules::node, CsiRules::nodeUpdate);
        registry.add(DeviceClass.class, DeviceRules::deviceClass);
        registry.add(ResourceSlice.class, DeviceRules::slice, DeviceRules::sliceUpdate);
        registry.add(ResourceClaim.class, DeviceClaimRules::claim, DeviceClaimRules::claimUpdate);
        registry.subresource(ResourceClaim.class, "status", ClaimStatusRules::update);
        registry.add(ResourceClaimTemplate.class, DeviceClaimRules::template, DeviceClaimRules::templateUpdate);
        registry.add(CSIStorageCapacity.class, CsiRules::capacity, CsiRules::capacityUpdate);
    }
}
