package io.jollyboat.apiserver.validation;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jollyboat.api.core.v1.CSIPersistentVolumeSource;
import io.jollyboat.api.core.v1.FCVolumeSource;
import io.jollyboat.api.core.v1.ISCSIPersistentVolumeSource;
import io.jollyboat.api.core.v1.PersistentVolumeSource;
import io.jollyboat.api.core.v1.SecretReference;
import io.jollyboat.values.Names;
import java.util.List;

/** Where a persistent volume's bytes are: one place, in upstream's order of looking. */
final class PersistentVolumeSources {
    private static final List<String> ORDER = List.of(
            "hostPath",
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "glusterfs",
            "flocker",
            "nfs",
            "rbd",
            "quobyte",
            "cephfs",
            "iscsi",
            "cinder",
            "fc",
            "flexVolume",
            "azureFile",
            "vsphereVolume",
            "photonPersistentDisk",
            "portworxVolume",
            "azureDisk",
            "scaleIO",
            "local",
            "storageos",
            "csi");

    private PersistentVolumeSources() {}

    static void check(Errors errors, PersistentVolumeSource source, boolean affine, String path) {
        int count = 0;
        for (String name : ORDER) {
            FieldDescriptor field = PersistentVolumeSource.getDescriptor().findFieldByName(name);
            if (!source.hasField(field)) {
                continue;
            }
            if (count++ > 0) {
                errors.forbidden(path + "." + name, "may not specify more than 1 volume type");
            } else {
                one(errors, source, name, affine, path);
            }
        }
        if (count == 0) {
            errors.required(path, "must specify a volume type");
        }
    }

    private static void one(Errors errors, PersistentVolumeSource source, String name, boolean affine, String path) {
        String at = path + "." + name;
        switch (name) {
            case "hostPath" -> VolumeSourceRules.hostPath(errors, source.getHostPath(), at);
            case "nfs" -> VolumeSourceRules.nfs(errors, source.getNfs(), at);
            case "iscsi" -> iscsi(errors, source.getIscsi(), at);
            case "fc" -> fc(errors, source.getFc(), at);
            case "csi" -> csi(errors, source.getCsi(), at);
            case "local" -> {
                if (errors.present(at + ".path", source.getLocal().getPath())) {
                    VolumeSourceRules.noBacksteps(errors, source.getLocal().getPath(), at + ".path");
                }
                if (!affine) {
                    errors.required(path + ".nodeAffinity", "Local volume requires node affinity");
                }
            }
            case "cephfs" -> {
                if (source.getCephfs().getMonitorsCount() == 0) {
                    errors.required(at + ".monitors");
                }
            }
            case "rbd" -> {
                if (source.getRbd().getMonitorsCount() == 0) {
                    errors.required(at + ".monitors");
                }
                errors.present(at + ".image", source.getRbd().getImage());
            }
            default -> {
                // Drivers that are gone from upstream's kubelet: what they need, nobody uses.
            }
        }
    }

    private static void iscsi(Errors errors, ISCSIPersistentVolumeSource source, String path) {
        errors.present(path + ".targetPortal", source.getTargetPortal());
        VolumeSourceRules.iqn(errors, source.getIqn(), path + ".iqn");
        errors.invalid(path + ".lun", source.getLun(), Names.inRange(source.getLun(), 0, 255));
        boolean authenticates = source.getChapAuthDiscovery() || source.getChapAuthSession();
        if (authenticates && !source.hasSecretRef()) {
            errors.required(path + ".secretRef");
        }
        if (source.hasSecretRef()) {
            errors.present(path + ".secretRef.name", source.getSecretRef().getName());
        }
    }

    private static void fc(Errors errors, FCVolumeSource source, String path) {
        if (source.getTargetWWNsCount() == 0 && source.getWwidsCount() == 0) {
            errors.required(path + ".targetWWNs", "must specify either targetWWNs or wwids, but not both");
        }
        if (source.getTargetWWNsCount() > 0 && source.getWwidsCount() > 0) {
            errors.invalid(
                    path + ".targetWWNs",
                    Errors.shown(source.getTargetWWNsList()),
                    "targetWWNs and wwids can not be specified simultaneously");
        }
    }

    private static void csi(Errors errors, CSIPersistentVolumeSource source, String path) {
        CsiRules.driverName(errors, source.getDriver(), path + ".driver");
        errors.present(path + ".volumeHandle", source.getVolumeHandle());
        if (source.hasControllerPublishSecretRef()) {
            secret(errors, source.getControllerPublishSecretRef(), path + ".controllerPublishSecretRef");
        }
        if (source.hasControllerExpandSecretRef()) {
            secret(errors, source.getControllerExpandSecretRef(), path + ".controllerExpandSecretRef");
        }
        if (source.hasNodePublishSecretRef()) {
            secret(errors, source.getNodePublishSecretRef(), path + ".nodePublishSecretRef");
        }
        if (source.hasNodeExpandSecretRef()) {
            secret(errors, source.getNodeExpandSecretRef(), path + ".nodeExpandSecretRef");
        }
    }

    private static void secret(Errors errors, SecretReference secret, String path) {
        if (errors.present(path + ".name", secret.getName())) {
            errors.invalid(path + ".name", secret.getName(), Names.dns1123Subdomain(secret.getName()));
        }
        if (errors.present(path + ".namespace", secret.getNamespace())) {
            errors.invalid(path + ".namespace", secret.getNamespace(), Names.dns1123Label(secret.getNamespace()));
        }
    }
}
