package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.DownwardAPIVolumeFile;
import io.jollyboat.api.core.v1.KeyToPath;
import io.jollyboat.api.core.v1.ProjectedVolumeSource;
import io.jollyboat.api.core.v1.ServiceAccountTokenProjection;
import io.jollyboat.api.core.v1.VolumeProjection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of projected volumes and of files from the downward API. */
final class ProjectedRules {
    private static final Set<String> FIELDS =
            Set.of("metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid");

    private ProjectedRules() {}

    static void file(Errors errors, DownwardAPIVolumeFile file, String path) {
        if (file.getPath().isEmpty()) {
            errors.required(path + ".path");
        }
        VolumeSourceRules.descending(errors, file.getPath(), path + ".path");
        if (file.hasFieldRef()) {
            EnvRules.fieldRef(errors, file.getFieldRef(), FIELDS, path + ".fieldRef");
            if (file.hasResourceFieldRef()) {
                errors.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        } else if (file.hasResourceFieldRef()) {
            EnvRules.resourceFieldRef(errors, file.getResourceFieldRef(), path + ".resourceFieldRef", true);
        } else {
            errors.required(path, "one of fieldRef and resourceFieldRef is required");
        }
        VolumeSourceRules.mode(errors, file.hasMode(), file.getMode(), path + ".mode");
    }

    static void projected(Errors errors, ProjectedVolumeSource source, String path) {
        VolumeSourceRules.mode(errors, source.hasDefaultMode(), source.getDefaultMode(), path + ".defaultMode");
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
        VolumeSourceRules.items(errors, items, path + ".items");
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
            VolumeSourceRules.descending(errors, token.getPath(), volume + ".path");
        }
    }
}
