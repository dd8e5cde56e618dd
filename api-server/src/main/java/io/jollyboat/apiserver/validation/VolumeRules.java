package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.values.Names;
import io.jollyboat.values.Quantities;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules of a pod's volumes. */
final class VolumeRules {
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
            VolumeSourceRules.hostPath(errors, source.getHostPath(), path + ".hostPath");
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
            VolumeSourceRules.mode(
                    errors,
                    source.getSecret().hasDefaultMode(),
                    source.getSecret().getDefaultMode(),
                    path + ".secret.defaultMode");
            VolumeSourceRules.items(errors, source.getSecret().getItemsList(), path + ".secret.items");
        }
        if (source.hasNfs() && sources.next("nfs")) {
            VolumeSourceRules.nfs(errors, source.getNfs(), path + ".nfs");
        }
        if (source.hasIscsi() && sources.next("iscsi")) {
            VolumeSourceRules.iscsi(errors, source, path + ".iscsi");
        }
        if (source.hasPersistentVolumeClaim()
                && sources.next("persistentVolumeClaim")
                && source.getPersistentVolumeClaim().getClaimName().isEmpty()) {
            errors.required(path + ".persistentVolumeClaim.claimName");
        }
        if (source.hasDownwardAPI() && sources.next("downwardAPI")) {
            VolumeSourceRules.mode(
                    errors,
                    source.getDownwardAPI().hasDefaultMode(),
                    source.getDownwardAPI().getDefaultMode(),
                    path + ".downwardAPI.defaultMode");
            source.getDownwardAPI()
                    .getItemsList()
                    .forEach(file -> ProjectedRules.file(errors, file, path + ".downwardAPI"));
        }
        if (source.hasConfigMap() && sources.next("configMap")) {
            if (source.getConfigMap().getLocalObjectReference().getName().isEmpty()) {
                errors.required(path + ".configMap.name");
            }
            VolumeSourceRules.mode(
                    errors,
                    source.getConfigMap().hasDefaultMode(),
                    source.getConfigMap().getDefaultMode(),
                    path + ".configMap.defaultMode");
            VolumeSourceRules.items(errors, source.getConfigMap().getItemsList(), path + ".configMap.items");
        }
        if (source.hasProjected() && sources.next("projected")) {
            ProjectedRules.projected(errors, source.getProjected(), path + ".projected");
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
}
