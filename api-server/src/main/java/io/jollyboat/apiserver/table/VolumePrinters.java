package io.jollyboat.apiserver.table;

import static io.jollyboat.apiserver.table.CellText.age;
import static io.jollyboat.apiserver.table.CellText.orNone;

import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.PersistentVolumeClaimSpec;
import io.jollyboat.api.core.v1.PersistentVolumeSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.api.storage.v1.CSIDriver;
import io.jollyboat.api.storage.v1.CSINode;
import io.jollyboat.api.storage.v1.StorageClass;
import io.jollyboat.api.storage.v1.TokenRequest;
import io.jollyboat.api.storage.v1.VolumeAttachment;
import io.jollyboat.api.storage.v1.VolumeAttributesClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Volumes, claims and their classes. */
final class VolumePrinters {
    private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

    private VolumePrinters() {}

    static void register() {
        Printers.add(
                PersistentVolume.class,
                Column.of(
                        "Name",
                        "Capacity",
                        "Access Modes",
                        "Reclaim Policy",
                        "Status",
                        "Claim",
                        "StorageClass",
                        "VolumeAttributesClass",
                        "Reason",
                        "Age",
                        "VolumeMode*"),
                (volume, now) -> {
                    PersistentVolumeSpec spec = volume.getSpec();
                    ObjectReference claim = spec.getClaimRef();
                    return List.of(
                            volume.getMetadata().getName(),
                            storage(spec.getCapacityMap()),
                            modes(spec.getAccessModesList()),
                            spec.getPersistentVolumeReclaimPolicy(),
                            phase(volume.getMetadata(), volume.getStatus().getPhase()),
                            spec.hasClaimRef() ? claim.getNamespace() + "/" + claim.getName() : "",
                            volume.getMetadata().getAnnotationsOrDefault(CLASS_ANNOTATION, spec.getStorageClassName()),
                            spec.hasVolumeAttributesClassName() ? spec.getVolumeAttributesClassName() : CellText.UNSET,
                            volume.getStatus().getReason(),
                            age(volume.getMetadata(), now),
                            spec.hasVolumeMode() ? spec.getVolumeMode() : CellText.UNSET);
                });
        Printers.add(
                PersistentVolumeClaim.class,
                Column.of(
                        "Name",
                        "Status",
                        "Volume",
                        "Capacity",
                        "Access Modes",
                        "StorageClass",
                        "VolumeAttributesClass",
                        "Age",
                        "VolumeMode*"),
                (claim, now) -> {
                    PersistentVolumeClaimSpec spec = claim.getSpec();
                    boolean bound = !spec.getVolumeName().isEmpty();
                    return List.of(
                            claim.getMetadata().getName(),
                            phase(claim.getMetadata(), claim.getStatus().getPhase()),
                            spec.getVolumeName(),
                            bound ? storage(claim.getStatus().getCapacityMap()) : "",
                            bound ? modes(claim.getStatus().getAccessModesList()) : "",
                            claim.getMetadata().getAnnotationsOrDefault(CLASS_ANNOTATION, spec.getStorageClassName()),
                            spec.hasVolumeAttributesClassName() ? spec.getVolumeAttributesClassName() : CellText.UNSET,
                            age(claim.getMetadata(), now),
                            spec.hasVolumeMode() ? spec.getVolumeMode() : CellText.UNSET);
                });
        Printers.add(
                StorageClass.class,
                Column.of("Name", "Provisioner", "ReclaimPolicy", "VolumeBindingMode", "AllowVolumeExpansion", "Age"),
                (storage, now) -> List.of(
                        storage.getMetadata().getName()
                                + (isDefault(storage.getMetadata(), "storageclass.kubernetes.io/is-default-class")
                                                || isDefault(
                                                        storage.getMetadata(),
                                                        "storageclass.beta.kubernetes.io/is-default-class")
                                        ? " (default)"
                                        : ""),
                        storage.getProvisioner(),
                        storage.hasReclaimPolicy() ? storage.getReclaimPolicy() : "Delete",
                        storage.hasVolumeBindingMode() ? storage.getVolumeBindingMode() : "Immediate",
                        storage.getAllowVolumeExpansion(),
                        age(storage.getMetadata(), now)));
        Printers.add(
                CSIDriver.class,
                Column.of(
                        "Name",
                        "AttachRequired:boolean",
                        "PodInfoOnMount:boolean",
                        "StorageCapacity:boolean",
                        "TokenRequests",
                        "RequiresRepublish:boolean",
                        "Modes",
                        "Age"),
                (driver, now) -> List.of(
                        driver.getMetadata().getName(),
                        !driver.getSpec().hasAttachRequired()
                                || driver.getSpec().getAttachRequired(),
                        driver.getSpec().getPodInfoOnMount(),
                        driver.getSpec().getStorageCapacity(),
                        driver.getSpec().getTokenRequestsCount() == 0
                                ? CellText.UNSET
                                : driver.getSpec().getTokenRequestsList().stream()
                                        .map(TokenRequest::getAudience)
                                        .collect(Collectors.joining(",")),
                        driver.getSpec().getRequiresRepublish(),
                        orNone(String.join(",", driver.getSpec().getVolumeLifecycleModesList())),
                        age(driver.getMetadata(), now)));
        Printers.add(
                CSINode.class,
                Column.of("Name", "Drivers:integer", "Age"),
                (node, now) -> List.of(
                        node.getMetadata().getName(),
                        (long) node.getSpec().getDriversCount(),
                        age(node.getMetadata(), now)));
        Printers.add(
                VolumeAttachment.class,
                named(Column.of("Name", "Attacher", "PV", "Node", "Attached:boolean", "Age"), "Attacher"),
                (attachment, now) -> List.of(
                        attachment.getMetadata().getName(),
                        attachment.getSpec().getAttacher(),
                        attachment.getSpec().getSource().getPersistentVolumeName(),
                        attachment.getSpec().getNodeName(),
                        attachment.getStatus().getAttached(),
                        age(attachment.getMetadata(), now)));
        Printers.add(
                VolumeAttributesClass.class,
                Column.of("Name", "DriverName", "Age"),
                (attributes, now) -> List.of(
                        attributes.getMetadata().getName()
                                + (isDefault(
                                                attributes.getMetadata(),
                                                "volumeattributesclass.beta.kubernetes.io/is-default-class")
                                        ? " (default)"
                                        : ""),
                        attributes.getDriverName(),
                        age(attributes.getMetadata(), now)));
    }

    /** The column, too, that names something. */
    private static List<Column> named(List<Column> columns, String name) {
        return columns.stream()
                .map(column -> column.name().equals(name)
                        ? new Column(name, column.type(), "name", column.description(), column.priority())
                        : column)
                .toList();
    }

    private static boolean isDefault(ObjectMeta meta, String annotation) {
        return meta.getAnnotationsOrDefault(annotation, "").equals("true");
    }

    private static String phase(ObjectMeta meta, String phase) {
        return meta.hasDeletionTimestamp() ? "Terminating" : phase;
    }

    private static String storage(Map<String, Quantity> capacity) {
        String text =
                capacity.getOrDefault("storage", Quantity.getDefaultInstance()).getString();
        return text.isEmpty() ? "0" : text;
    }

    private static String modes(List<String> modes) {
        List<String> shown = new ArrayList<>();
        Map<String, String> shorts = Map.of(
                "ReadWriteOnce", "RWO", "ReadOnlyMany", "ROX", "ReadWriteMany", "RWX", "ReadWriteOncePod", "RWOP");
        for (String mode : List.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")) {
            if (modes.contains(mode)) {
                shown.add(shorts.get(mode));
            }
        }
        return String.join(",", shown);
    }
}
