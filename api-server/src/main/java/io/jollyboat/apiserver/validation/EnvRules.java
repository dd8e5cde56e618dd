package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.ConfigMapKeySelector;
import io.jollyboat.api.core.v1.EnvFromSource;
import io.jollyboat.api.core.v1.EnvVar;
import io.jollyboat.api.core.v1.EnvVarSource;
import io.jollyboat.api.core.v1.ObjectFieldSelector;
import io.jollyboat.api.core.v1.ResourceFieldSelector;
import io.jollyboat.values.Names;
import java.util.List;
import java.util.Set;

/** The rules of a container's environment, and of references to fields. */
final class EnvRules {
    private static final Set<String> ENV_FIELDS = Set.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");
    private static final List<String> RESOURCE_FIELDS = List.of(
            "limits.cpu",
            "limits.ephemeral-storage",
            "limits.memory",
            "requests.cpu",
            "requests.ephemeral-storage",
            "requests.memory");

    private EnvRules() {}

    static void env(Errors errors, EnvVar env, String path) {
        if (env.getName().isEmpty()) {
            errors.required(path + ".name");
        } else {
            errors.invalid(path + ".name", env.getName(), Names.envVar(env.getName()));
        }
        if (!env.hasValueFrom()) {
            return;
        }
        String at = path + ".valueFrom";
        EnvVarSource source = env.getValueFrom();
        int sources = 0;
        if (source.hasFieldRef()) {
            sources++;
            fieldRef(errors, source.getFieldRef(), ENV_FIELDS, at + ".fieldRef");
        }
        if (source.hasResourceFieldRef()) {
            sources++;
            resourceFieldRef(errors, source.getResourceFieldRef(), at + ".resourceFieldRef", false);
        }
        if (source.hasConfigMapKeyRef()) {
            sources++;
            ConfigMapKeySelector key = source.getConfigMapKeyRef();
            key(errors, key.getLocalObjectReference().getName(), key.getKey(), at + ".configMapKeyRef");
        }
        if (source.hasSecretKeyRef()) {
            sources++;
            key(
                    errors,
                    source.getSecretKeyRef().getLocalObjectReference().getName(),
                    source.getSecretKeyRef().getKey(),
                    at + ".secretKeyRef");
        }
        if (source.hasFileKeyRef()) {
            sources++;
        }
        if (sources == 0) {
            errors.invalid(
                    at,
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or"
                            + " `fileKeyRef`");
        } else if (!env.getValue().isEmpty()) {
            errors.invalid(at, "", "may not be specified when `value` is not empty");
        } else if (sources > 1) {
            errors.invalid(at, "", "may not have more than one field specified at a time");
        }
    }

    static void fieldRef(Errors errors, ObjectFieldSelector reference, Set<String> supported, String path) {
        String field = reference.getFieldPath();
        if (reference.getApiVersion().isEmpty()) {
            errors.required(path + ".apiVersion");
            return;
        }
        if (field.isEmpty()) {
            errors.required(path + ".fieldPath");
            return;
        }
        boolean subscripted = field.matches("metadata\\.(labels|annotations)\\['.+'\\]");
        boolean known = subscripted
                || ENV_FIELDS.contains(field)
                || field.equals("metadata.labels")
                || field.equals("metadata.annotations")
                || field.equals("spec.restartPolicy")
                || field.equals("status.phase");
        if (!known) {
            errors.invalid(
                    path + ".fieldPath", field, "error converting fieldPath: field label not supported: " + field);
        } else if (!subscripted && !supported.contains(field)) {
            errors.notSupported(
                    path + ".fieldPath", field, supported.stream().sorted().toList());
        }
    }

    static void resourceFieldRef(Errors errors, ResourceFieldSelector reference, String path, boolean inVolume) {
        if (inVolume && reference.getContainerName().isEmpty()) {
            errors.required(path + ".containerName");
        } else if (reference.getResource().isEmpty()) {
            errors.required(path + ".resource");
        } else if (!RESOURCE_FIELDS.contains(reference.getResource())
                && !reference.getResource().matches("(requests|limits)\\.hugepages-.*")) {
            errors.notSupported(path + ".resource", reference.getResource(), RESOURCE_FIELDS);
        }
    }

    private static void key(Errors errors, String name, String key, String path) {
        errors.invalid(path + ".name", name, Names.dns1123Subdomain(name));
        if (key.isEmpty()) {
            errors.required(path + ".key");
        } else {
            errors.invalid(path + ".key", key, Names.configMapKey(key));
        }
    }

    static void envFrom(Errors errors, EnvFromSource source, String path, int index) {
        String at = path + "[" + index + "]";
        if (!source.getPrefix().isEmpty()) {
            errors.invalid(at + ".prefix", source.getPrefix(), Names.envVar(source.getPrefix()));
        }
        if (source.hasConfigMapRef()) {
            String name = source.getConfigMapRef().getLocalObjectReference().getName();
            if (name.isEmpty()) {
                errors.required(at + ".configMapRef.name");
            } else {
                errors.invalid(at + ".configMapRef.name", name, Names.dns1123Subdomain(name));
            }
        }
        if (source.hasSecretRef()) {
            String name = source.getSecretRef().getLocalObjectReference().getName();
            if (name.isEmpty()) {
                errors.required(at + ".secretRef.name");
            } else {
                errors.invalid(at + ".secretRef.name", name, Names.dns1123Subdomain(name));
            }
        }
        if (!source.hasConfigMapRef() && !source.hasSecretRef()) {
            errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
        } else if (source.hasConfigMapRef() && source.hasSecretRef()) {
            errors.invalid(path, "", "may not have more than one field specified at a time");
        }
    }
}
