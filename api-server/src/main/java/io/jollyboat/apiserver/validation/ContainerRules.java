package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.ConfigMapKeySelector;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.ContainerResizePolicy;
import io.jollyboat.api.core.v1.EnvFromSource;
import io.jollyboat.api.core.v1.EnvVar;
import io.jollyboat.api.core.v1.EnvVarSource;
import io.jollyboat.api.core.v1.HTTPGetAction;
import io.jollyboat.api.core.v1.LifecycleHandler;
import io.jollyboat.api.core.v1.ObjectFieldSelector;
import io.jollyboat.api.core.v1.Probe;
import io.jollyboat.api.core.v1.ProbeHandler;
import io.jollyboat.api.core.v1.ResourceFieldSelector;
import io.jollyboat.api.core.v1.VolumeMount;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of one container. */
final class ContainerRules {
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

    private ContainerRules() {}

    /** @param volumes names of the pod's volumes; true for those that are a claim's */
    static void check(Errors errors, Container container, Map<String, Boolean> volumes, String path) {
        if (container.getName().isEmpty()) {
            errors.required(path + ".name");
        } else {
            errors.invalid(path + ".name", container.getName(), Names.dns1123Label(container.getName()));
        }
        if (container.getImage().isEmpty()) {
            errors.required(path + ".image");
        }
        if (container.getTerminationMessagePolicy().isEmpty()) {
            errors.required(path + ".terminationMessagePolicy");
        } else {
            errors.oneOf(
                    path + ".terminationMessagePolicy",
                    container.getTerminationMessagePolicy(),
                    "File",
                    "FallbackToLogsOnError");
        }
        ports(errors, container.getPortsList(), path + ".ports");
        for (int i = 0; i < container.getEnvCount(); i++) {
            env(errors, container.getEnv(i), path + ".env[" + i + "]");
        }
        for (int i = 0; i < container.getEnvFromCount(); i++) {
            envFrom(errors, container.getEnvFrom(i), path + ".envFrom", i);
        }
        mounts(errors, container, volumes, path + ".volumeMounts");
        if (container.getImagePullPolicy().isEmpty()) {
            errors.required(path + ".imagePullPolicy");
        } else {
            errors.oneOf(path + ".imagePullPolicy", container.getImagePullPolicy(), "Always", "IfNotPresent", "Never");
        }
        CommonRules.containerResources(errors, container.getResources(), path + ".resources");
        resizePolicy(errors, container.getResizePolicyList(), path + ".resizePolicy");
        if (container.hasSecurityContext()) {
            SecurityRules.container(errors, container.getSecurityContext(), path + ".securityContext");
        }
    }

    private static void ports(Errors errors, List<ContainerPort> ports, String path) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            ContainerPort port = ports.get(i);
            String at = path + "[" + i + "]";
            if (!port.getName().isEmpty()) {
                List<String> problems = Names.portName(port.getName());
                errors.invalid(at + ".name", port.getName(), problems);
                if (problems.isEmpty() && !names.add(port.getName())) {
                    errors.duplicate(at + ".name", port.getName());
                }
            }
            if (port.getContainerPort() == 0) {
                errors.required(at + ".containerPort");
            } else {
                errors.invalid(
                        at + ".containerPort", port.getContainerPort(), Names.portNumber(port.getContainerPort()));
            }
            if (port.getHostPort() != 0) {
                errors.invalid(at + ".hostPort", port.getHostPort(), Names.portNumber(port.getHostPort()));
            }
            if (port.getProtocol().isEmpty()) {
                errors.required(at + ".protocol");
            } else {
                errors.oneOf(at + ".protocol", port.getProtocol(), "SCTP", "TCP", "UDP");
            }
        }
    }

    private static void env(Errors errors, EnvVar env, String path) {
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

    private static void envFrom(Errors errors, EnvFromSource source, String path, int index) {
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

    private static void mounts(Errors errors, Container container, Map<String, Boolean> volumes, String path) {
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < container.getVolumeMountsCount(); i++) {
            VolumeMount mount = container.getVolumeMounts(i);
            String at = path + "[" + i + "]";
            if (mount.getName().isEmpty()) {
                errors.required(at + ".name");
            }
            if (!volumes.containsKey(mount.getName())) {
                errors.notFound(at + ".name", mount.getName());
            }
            if (mount.getMountPath().isEmpty()) {
                errors.required(at + ".mountPath");
            }
            if (!paths.add(mount.getMountPath())) {
                errors.invalid(at + ".mountPath", mount.getMountPath(), "must be unique");
            }
            if (!mount.getSubPath().isEmpty()) {
                VolumeRules.descending(errors, mount.getSubPath(), path + ".subPath");
            }
            if (!mount.getSubPathExpr().isEmpty()) {
                if (!mount.getSubPath().isEmpty()) {
                    errors.invalid(
                            at + ".subPathExpr",
                            mount.getSubPathExpr(),
                            "subPathExpr and subPath are mutually exclusive");
                }
                VolumeRules.descending(errors, mount.getSubPathExpr(), path + ".subPathExpr");
            }
            if (mount.hasMountPropagation()) {
                errors.oneOf(
                        path + ".mountPropagation",
                        mount.getMountPropagation(),
                        "Bidirectional",
                        "HostToContainer",
                        "None");
                if (mount.getMountPropagation().equals("Bidirectional")
                        && !container.getSecurityContext().getPrivileged()) {
                    errors.forbidden(
                            path + ".mountPropagation",
                            "Bidirectional mount propagation is available only to privileged containers");
                }
            }
        }
    }

    private static void resizePolicy(Errors errors, List<ContainerResizePolicy> policies, String path) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < policies.size(); i++) {
            ContainerResizePolicy policy = policies.get(i);
            if (!names.add(policy.getResourceName())) {
                errors.duplicate(path + "[" + i + "]", policy.getResourceName());
            }
            errors.oneOf(path, policy.getResourceName(), "cpu", "memory");
            errors.oneOf(path, policy.getRestartPolicy(), "NotRequired", "RestartContainer");
        }
    }

    static void lifecycle(Errors errors, Container container, long graceSeconds, String path) {
        if (container.getLifecycle().hasPostStart()) {
            handler(errors, container.getLifecycle().getPostStart(), graceSeconds, path + ".postStart");
        }
        if (container.getLifecycle().hasPreStop()) {
            handler(errors, container.getLifecycle().getPreStop(), graceSeconds, path + ".preStop");
        }
    }

    private static void handler(Errors errors, LifecycleHandler handler, long graceSeconds, String path) {
        ProbeHandler.Builder probe = ProbeHandler.newBuilder();
        if (handler.hasExec()) {
            probe.setExec(handler.getExec());
        }
        if (handler.hasHttpGet()) {
            probe.setHttpGet(handler.getHttpGet());
        }
        if (handler.hasTcpSocket()) {
            probe.setTcpSocket(handler.getTcpSocket());
        }
        boolean sleeps = handler.hasSleep();
        if (!sleeps || probe.hasExec() || probe.hasHttpGet() || probe.hasTcpSocket()) {
            handler(errors, probe.build(), path);
            if (sleeps) {
                errors.forbidden(path + ".sleep", "may not specify more than 1 handler type");
            }
        } else if (handler.getSleep().getSeconds() < 0 || handler.getSleep().getSeconds() > graceSeconds) {
            errors.invalid(
                    path + ".sleep",
                    handler.getSleep().getSeconds(),
                    "must be non-negative and less than terminationGracePeriodSeconds (" + graceSeconds + ")");
        }
    }

    static void probe(Errors errors, Probe probe, String path, boolean onlyOnce) {
        handler(errors, probe.getHandler(), path);
        errors.notNegative(path + ".initialDelaySeconds", probe.getInitialDelaySeconds());
        errors.notNegative(path + ".timeoutSeconds", probe.getTimeoutSeconds());
        errors.notNegative(path + ".periodSeconds", probe.getPeriodSeconds());
        errors.notNegative(path + ".successThreshold", probe.getSuccessThreshold());
        errors.notNegative(path + ".failureThreshold", probe.getFailureThreshold());
        if (probe.hasTerminationGracePeriodSeconds() && probe.getTerminationGracePeriodSeconds() <= 0) {
            errors.invalid(
                    path + ".terminationGracePeriodSeconds",
                    probe.getTerminationGracePeriodSeconds(),
                    "must be greater than 0");
        }
        if (onlyOnce && probe.getSuccessThreshold() != 1) {
            errors.invalid(path + ".successThreshold", probe.getSuccessThreshold(), "must be 1");
        }
        if (!onlyOnce && probe.hasTerminationGracePeriodSeconds()) {
            errors.invalid(
                    path + ".terminationGracePeriodSeconds",
                    probe.getTerminationGracePeriodSeconds(),
                    "must not be set for readinessProbes");
        }
    }

    private static void handler(Errors errors, ProbeHandler handler, String path) {
        int handlers = 0;
        if (handler.hasExec()) {
            handlers++;
            if (handler.getExec().getCommandCount() == 0) {
                errors.required(path + ".exec.command");
            }
        }
        if (handler.hasHttpGet() && another(errors, handlers++, path + ".httpGet")) {
            httpGet(errors, handler.getHttpGet(), path + ".httpGet");
        }
        if (handler.hasTcpSocket() && another(errors, handlers++, path + ".tcpSocket")) {
            CommonRules.port(errors, handler.getTcpSocket().getPort(), path + ".tcpSocket.port");
        }
        if (handler.hasGrpc() && another(errors, handlers++, path + ".grpc")) {
            errors.invalid(
                    path + ".grpc.port",
                    handler.getGrpc().getPort(),
                    Names.portNumber(handler.getGrpc().getPort()));
        }
        if (handlers == 0) {
            errors.required(path, "must specify a handler type");
        }
    }

    private static boolean another(Errors errors, int before, String path) {
        if (before > 0) {
            errors.forbidden(path, "may not specify more than 1 handler type");
        }
        return before == 0;
    }

    private static void httpGet(Errors errors, HTTPGetAction get, String path) {
        if (get.getPath().isEmpty()) {
            errors.required(path + ".path");
        }
        CommonRules.port(errors, get.getPort(), path + ".port");
        errors.oneOf(path + ".scheme", get.getScheme(), "HTTP", "HTTPS");
        get.getHttpHeadersList()
                .forEach(header ->
                        errors.invalid(path + ".httpHeaders", header.getName(), Names.httpHeader(header.getName())));
    }
}
