package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.DownwardAPIVolumeFile;
import io.jollyboat.api.core.v1.HostPathVolumeSource;
import io.jollyboat.api.core.v1.KeyToPath;
import io.jollyboat.api.core.v1.NFSVolumeSource;
import io.jollyboat.api.core.v1.ProjectedVolumeSource;
import io.jollyboat.api.core.v1.ServiceAccountTokenProjection;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeProjection;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.values.Names;
import io.jollyboat.values.Quantities;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of a pod's volumes. */
final class VolumeRules {
    private static final Set<String> FIELDS =
            Set.of("metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid");

    private VolumeRules() {}

    /** The volumes by name, with true for those that are a claim's. */
    static Map<String, Boolean> check(Errors errors, List<Volume> volumes, String path) {
        Map<String, Boolean> known = new LinkedHashMap<>();
        for (int i = 0; i < volumes.size(); i++) {
            Volume volume = volumes.get(i);
            String at = path + "[" + i + "]";
            // Faulty volumes are left out, and then not found for their mounts.
            int before = errors.count();
            source(errors, volume.getVolumeSource(), at);
            if (volume.getName().isEmpty()) {
                errors.required(at + ".name");
            } else {
                errors.invalid(at + ".name", volume.getName(), Names.dns1123Label(volume.getName()));
            }
            if (known.containsKey(volume.getName())) {
                errors.duplicate(at + ".name", volume.getName());
            }
            if (errors.count() == before) {
                boolean claim = volume.getVolumeSource().hasPersistentVolumeClaim()
                        || volume.getVolumeSource().hasEphemeral();
                known.put(volume.getName(), claim);
            }
        }
        return known;
    }

    /** A volume has one source; upstream looks at them in this order. */
    private static void source(Errors errors, VolumeSource source, String path) {
        Sources sources = new Sources(errors, path);
        if (source.hasEmptyDir() && sources.next("emptyDir")) {
            if (source.getEmptyDir().hasSizeLimit()
                    && Quantities.signum(source.getEmptyDir().getSizeLimit()) < 0) {
                errors.forbidden(path + ".emptyDir.sizeLimit", "SizeLimit field must be a valid resource quantity");
            }
        }
        if (source.hasHostPath() && sources.next("hostPath")) {
            hostPath(errors, source.getHostPath(), path + ".hostPath");
        }
        if (source.hasGitRepo()
                && sources.next("gitRepo")
                && source.getGitRepo().getRepository().isEmpty()) {
            errors.required(path + ".gitRepo.repository");
        }
        if (source.hasSecret() && sources.next("secret")) {
            if (source.getSecret().getSecretName().isEmpty()) {
                errors.required(path + ".secret.secretName");
            }
            mode(
                    errors,
                    source.getSecret().hasDefaultMode(),
                    source.getSecret().getDefaultMode(),
                    path + ".secret.defaultMode");
            items(errors, source.getSecret().getItemsList(), path + ".secret.items");
        }
        if (source.hasNfs() && sources.next("nfs")) {
            nfs(errors, source.getNfs(), path + ".nfs");
        }
        if (source.hasIscsi() && sources.next("iscsi")) {
            iscsi(errors, source, path + ".iscsi");
        }
        if (source.hasPersistentVolumeClaim()
                && sources.next("persistentVolumeClaim")
                && source.getPersistentVolumeClaim().getClaimName().isEmpty()) {
            errors.required(path + ".persistentVolumeClaim.claimName");
        }
        if (source.hasDownwardAPI() && sources.next("downwardAPI")) {
            mode(
                    errors,
                    source.getDownwardAPI().hasDefaultMode(),
                    source.getDownwardAPI().getDefaultMode(),
                    path + ".downwardAPI.defaultMode");
            source.getDownwardAPI().getItemsList().forEach(file -> file(errors, file, path + ".downwardAPI"));
        }
        if (source.hasConfigMap() && sources.next("configMap")) {
            if (source.getConfigMap().getLocalObjectReference().getName().isEmpty()) {
                errors.required(path + ".configMap.name");
            }
            mode(
                    errors,
                    source.getConfigMap().hasDefaultMode(),
                    source.getConfigMap().getDefaultMode(),
                    path + ".configMap.defaultMode");
            items(errors, source.getConfigMap().getItemsList(), path + ".configMap.items");
        }
        if (source.hasProjected() && sources.next("projected")) {
            projected(errors, source.getProjected(), path + ".projected");
        }
        if (source.hasCsi() && sources.next("csi")) {
            String driver = source.getCsi().getDriver();
            if (driver.isEmpty()) {
                errors.required(path + ".csi.driver");
            } else {
                errors.invalid(path + ".csi.driver", driver, Names.dns1123Subdomain(driver));
            }
        }
        if (source.hasEphemeral()
                && sources.next("ephemeral")
                && !source.getEphemeral().hasVolumeClaimTemplate()) {
            errors.required(path + ".ephemeral.volumeClaimTemplate");
        }
        if (source.hasImage()
                && sources.next("image")
                && source.getImage().getReference().isEmpty()) {
            errors.required(path + ".image.reference");
        }
        if (sources.count == 0 && source.getAllFields().isEmpty()) {
            errors.required(path, "must specify a volume type");
        }
    }

    private static final class Sources {
        private final Errors errors;
        private final String path;
        private int count;

        Sources(Errors errors, String path) {
            this.errors = errors;
            this.path = path;
        }

        /** True for the first source. */
        boolean next(String name) {
            if (count++ > 0) {
                errors.forbidden(path + "." + name, "may not specify more than 1 volume type");
            }
            return count == 1;
        }
    }

    private static void hostPath(Errors errors, HostPathVolumeSource source, String path) {
        if (source.getPath().isEmpty()) {
            errors.required(path + ".path");
            return;
        }
        noBacksteps(errors, source.getPath(), path + ".path");
        errors.oneOf(
                path + ".type",
                source.getType(),
                "",
                "BlockDevice",
                "CharDevice",
                "Directory",
                "DirectoryOrCreate",
                "File",
                "FileOrCreate",
                "Socket");
    }

    private static void nfs(Errors errors, NFSVolumeSource source, String path) {
        if (source.getServer().isEmpty()) {
            errors.required(path + ".server");
        }
        if (source.getPath().isEmpty()) {
            errors.required(path + ".path");
        }
        if (!source.getPath().startsWith("/")) {
            errors.invalid(path + ".path", source.getPath(), "must be an absolute path");
        }
    }

    private static void iscsi(Errors errors, VolumeSource source, String path) {
        if (source.getIscsi().getTargetPortal().isEmpty()) {
            errors.required(path + ".targetPortal");
        }
        String name = source.getIscsi().getIqn();
        if (name.isEmpty()) {
            errors.required(path + ".iqn");
        } else if (!name.startsWith("iqn") && !name.startsWith("eui") && !name.startsWith("naa")) {
            errors.invalid(path + ".iqn", name, "must be valid format starting with iqn, eui, or naa");
        }
        int unit = source.getIscsi().getLun();
        errors.invalid(path + ".lun", unit, Names.inRange(unit, 0, 255));
    }

    private static void mode(Errors errors, boolean set, int mode, String path) {
        if (set && (mode < 0 || mode > 0777)) {
            errors.invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    private static void items(Errors errors, List<KeyToPath> items, String path) {
        for (int i = 0; i < items.size(); i++) {
            KeyToPath item = items.get(i);
            String at = path + "[" + i + "]";
            if (item.getKey().isEmpty()) {
                errors.required(at + ".key");
            }
            if (item.getPath().isEmpty()) {
                errors.required(at + ".path");
            }
            descending(errors, item.getPath(), at + ".path");
            mode(errors, item.hasMode(), item.getMode(), at + ".mode");
        }
    }

    private static void file(Errors errors, DownwardAPIVolumeFile file, String path) {
        if (file.getPath().isEmpty()) {
            errors.required(path + ".path");
        }
        descending(errors, file.getPath(), path + ".path");
        if (file.hasFieldRef()) {
            ContainerRules.fieldRef(errors, file.getFieldRef(), FIELDS, path + ".fieldRef");
            if (file.hasResourceFieldRef()) {
                errors.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        } else if (file.hasResourceFieldRef()) {
            ContainerRules.resourceFieldRef(errors, file.getResourceFieldRef(), path + ".resourceFieldRef", true);
        } else {
            errors.required(path, "one of fieldRef and resourceFieldRef is required");
        }
        mode(errors, file.hasMode(), file.getMode(), path + ".mode");
    }

    private static void projected(Errors errors, ProjectedVolumeSource source, String path) {
        mode(errors, source.hasDefaultMode(), source.getDefaultMode(), path + ".defaultMode");
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < source.getSourcesCount(); i++) {
            VolumeProjection projection = source.getSources(i);
            String at = path + ".sources[" + i + "]";
            int count = 0;
            if (projection.hasSecret()) {
                count++;
                String name = projection.getSecret().getLocalObjectReference().getName();
                if (name.isEmpty()) {
                    errors.required(at + ".secret.name");
                }
                projectedItems(errors, projection.getSecret().getItemsList(), name, at + ".secret", path, paths);
            }
            if (projection.hasConfigMap()) {
                count++;
                String name =
                        projection.getConfigMap().getLocalObjectReference().getName();
                if (name.isEmpty()) {
                    errors.required(at + ".configMap.name");
                }
                projectedItems(errors, projection.getConfigMap().getItemsList(), name, at + ".configMap", path, paths);
            }
            if (projection.hasDownwardAPI()) {
                count++;
                for (DownwardAPIVolumeFile file : projection.getDownwardAPI().getItemsList()) {
                    file(errors, file, at + ".downwardAPI");
                }
            }
            if (projection.hasServiceAccountToken()) {
                count++;
                token(errors, projection.getServiceAccountToken(), at + ".serviceAccountToken", path);
            }
            if (projection.hasClusterTrustBundle() || projection.hasPodCertificate()) {
                count++;
            }
            if (count > 1) {
                errors.forbidden(at, "may not specify more than 1 volume type per source");
            }
        }
    }

    private static void projectedItems(
            Errors errors, List<KeyToPath> items, String name, String path, String volume, Set<String> paths) {
        items(errors, items, path + ".items");
        for (KeyToPath item : items) {
            if (!paths.add(item.getPath())) {
                errors.invalid(volume, name, "conflicting duplicate paths");
            }
        }
    }

    private static void token(Errors errors, ServiceAccountTokenProjection token, String path, String volume) {
        if (token.getExpirationSeconds() < 600) {
            errors.invalid(
                    path + ".expirationSeconds",
                    token.getExpirationSeconds(),
                    "may not specify a duration less than 10 minutes");
        }
        if (token.getExpirationSeconds() > 1L << 32) {
            errors.invalid(
                    path + ".expirationSeconds",
                    token.getExpirationSeconds(),
                    "may not specify a duration larger than 2^32 seconds");
        }
        if (token.getPath().isEmpty()) {
            errors.required(volume + ".path");
        } else {
            descending(errors, token.getPath(), volume + ".path");
        }
    }

    /** A path that leads down from where it starts. */
    static void descending(Errors errors, String value, String path) {
        if (value.startsWith("/")) {
            errors.invalid(path, value, "must be a relative path");
        }
        noBacksteps(errors, value, path);
    }

    private static void noBacksteps(Errors errors, String value, String path) {
        if (List.of(value.split("/")).contains("..")) {
            errors.invalid(path, value, "must not contain '..'");
        }
    }
}
