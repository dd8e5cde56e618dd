package io.jollyboat.kubelet.env;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.ConfigMapKeySelector;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.EnvFromSource;
import io.jollyboat.api.core.v1.EnvVar;
import io.jollyboat.api.core.v1.EnvVarSource;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.SecretKeySelector;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.kubelet.objects.ReferencedObjects;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes containers' environments. */
public final class Environments {
    private final ReferencedObjects objects;
    private final Supplier<Collection<Service>> services;
    private final DownwardFields downward;
    private final String nodeIp;

    public Environments(
            ReferencedObjects objects, Supplier<Collection<Service>> services, DownwardFields downward, String nodeIp) {
        this.objects = objects;
        this.services = services;
        this.downward = downward;
        this.nodeIp = nodeIp;
    }

    /**
     * Variables in their order; EnvironmentException when something it names is missing.
     *
     * @param status the pod's as it is now, with its address
     */
    public Map<String, String> of(Pod pod, Container container, PodStatus status) {
        boolean links = !pod.getSpec().hasEnableServiceLinks() || pod.getSpec().getEnableServiceLinks();
        Map<String, String> serviceVariables =
                ServiceVariables.of(services.get(), pod.getMetadata().getNamespace(), links);
        Map<String, String> variables = new LinkedHashMap<>();
        container.getEnvFromList().forEach(source -> addAll(variables, pod, source));
        Map<String, String> known = new LinkedHashMap<>(serviceVariables);
        known.putAll(variables);
        for (EnvVar env : container.getEnvList()) {
            Optional<String> value = env.hasValueFrom()
                    ? valueFrom(pod, container, status, env.getValueFrom())
                    : Optional.of(Expansion.expand(env.getValue(), known));
            value.ifPresent(v -> {
                variables.put(env.getName(), v);
                known.put(env.getName(), v);
            });
        }
        serviceVariables.forEach(variables::putIfAbsent);
        return variables;
    }

    private void addAll(Map<String, String> variables, Pod pod, EnvFromSource source) {
        if (source.hasConfigMapRef()) {
            String name = source.getConfigMapRef().getLocalObjectReference().getName();
            Optional<ConfigMap> map = objects.configMap(pod, name);
            if (map.isEmpty() && !source.getConfigMapRef().getOptional()) {
                throw new EnvironmentException("configmap \"" + name + "\" not found");
            }
            map.ifPresent(m -> m.getDataMap().forEach((k, v) -> variables.put(source.getPrefix() + k, v)));
        } else if (source.hasSecretRef()) {
            String name = source.getSecretRef().getLocalObjectReference().getName();
            Optional<Secret> secret = objects.secret(pod, name);
            if (secret.isEmpty() && !source.getSecretRef().getOptional()) {
                throw new EnvironmentException("secret \"" + name + "\" not found");
            }
            secret.ifPresent(s ->
                    s.getDataMap().forEach((k, v) -> variables.put(source.getPrefix() + k, v.toStringUtf8())));
        }
    }

    private Optional<String> valueFrom(Pod pod, Container container, PodStatus status, EnvVarSource source) {
        if (source.hasFieldRef()) {
            return Optional.of(
                    DownwardFields.field(pod, status, source.getFieldRef().getFieldPath(), nodeIp));
        }
        if (source.hasResourceFieldRef()) {
            return Optional.of(downward.resource(pod, container, source.getResourceFieldRef()));
        }
        if (source.hasConfigMapKeyRef()) {
            return fromConfigMap(pod, source.getConfigMapKeyRef());
        }
        if (source.hasSecretKeyRef()) {
            return fromSecret(pod, source.getSecretKeyRef());
        }
        throw new EnvironmentException("this source of an environment variable is not supported");
    }

    private Optional<String> fromConfigMap(Pod pod, ConfigMapKeySelector selector) {
        String name = selector.getLocalObjectReference().getName();
        Optional<ConfigMap> map = objects.configMap(pod, name);
        if (map.isEmpty() && !selector.getOptional()) {
            throw new EnvironmentException("configmap \"" + name + "\" not found");
        }
        Optional<String> value = map.map(m -> m.getDataMap().get(selector.getKey()));
        if (value.isEmpty() && !selector.getOptional()) {
            throw new EnvironmentException("couldn't find key " + selector.getKey() + " in ConfigMap "
                    + pod.getMetadata().getNamespace() + "/" + name);
        }
        return value;
    }

    private Optional<String> fromSecret(Pod pod, SecretKeySelector selector) {
        String name = selector.getLocalObjectReference().getName();
        Optional<Secret> secret = objects.secret(pod, name);
        if (secret.isEmpty() && !selector.getOptional()) {
            throw new EnvironmentException("secret \"" + name + "\" not found");
        }
        Optional<String> value =
                secret.map(s -> s.getDataMap().get(selector.getKey())).map(ByteString::toStringUtf8);
        if (value.isEmpty() && !selector.getOptional()) {
            throw new EnvironmentException("couldn't find key " + selector.getKey() + " in Secret "
                    + pod.getMetadata().getNamespace() + "/" + name);
        }
        return value;
    }
}
