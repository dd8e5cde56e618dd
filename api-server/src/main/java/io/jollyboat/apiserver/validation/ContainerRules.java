package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.ContainerResizePolicy;
import io.jollyboat.api.core.v1.VolumeDevice;
import io.jollyboat.api.core.v1.VolumeMount;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of one container. */
final class ContainerRules {
    private ContainerRules() {}

    /** @param volumes names of the pod's volumes; true for those that are a claim's */
    static void check(
            Errors errors, Container container, Map<String, Boolean> volumes, Set<String> claims, String path) {
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
            EnvRules.env(errors, container.getEnv(i), path + ".env[" + i + "]");
        }
        for (int i = 0; i < container.getEnvFromCount(); i++) {
            EnvRules.envFrom(errors, container.getEnvFrom(i), path + ".envFrom", i);
        }
        mounts(errors, container, volumes, path + ".volumeMounts");
        devices(errors, container, volumes, path + ".volumeDevices");
        if (container.getImagePullPolicy().isEmpty()) {
            errors.required(path + ".imagePullPolicy");
        } else {
            errors.oneOf(path + ".imagePullPolicy", container.getImagePullPolicy(), "Always", "IfNotPresent", "Never");
        }
        CommonRules.containerResources(errors, container.getResources(), path + ".resources");
        PodResourceRules.containerClaims(errors, container.getResources(), claims, path + ".resources.claims");
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
            notADevice(errors, container, mount, at);
            if (!mount.getSubPath().isEmpty()) {
                VolumeSourceRules.descending(errors, mount.getSubPath(), path + ".subPath");
            }
            if (!mount.getSubPathExpr().isEmpty()) {
                notADevice(errors, container, mount, at);
                if (!mount.getSubPath().isEmpty()) {
                    errors.invalid(
                            at + ".subPathExpr",
                            mount.getSubPathExpr(),
                            "subPathExpr and subPath are mutually exclusive");
                }
                VolumeSourceRules.descending(errors, mount.getSubPathExpr(), path + ".subPathExpr");
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

    private static void notADevice(Errors errors, Container container, VolumeMount mount, String path) {
        if (container.getVolumeDevicesList().stream()
                .anyMatch(device -> device.getName().equals(mount.getName()))) {
            errors.invalid(path + ".name", mount.getName(), "must not already exist in volumeDevices");
        }
        if (container.getVolumeDevicesList().stream()
                .anyMatch(device -> device.getDevicePath().equals(mount.getMountPath()))) {
            errors.invalid(
                    path + ".mountPath", mount.getMountPath(), "must not already exist as a path in volumeDevices");
        }
    }

    private static void devices(Errors errors, Container container, Map<String, Boolean> volumes, String path) {
        Set<String> names = new HashSet<>();
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < container.getVolumeDevicesCount(); i++) {
            VolumeDevice device = container.getVolumeDevices(i);
            String name = device.getName();
            String at = path + "[" + i + "]";
            errors.present(at + ".name", name);
            if (!names.add(name)) {
                errors.invalid(at + ".name", name, "must be unique");
            }
            if (!volumes.containsKey(name)) {
                errors.notFound(at + ".name", name);
            } else if (!volumes.get(name)) {
                errors.invalid(
                        at + ".name",
                        name,
                        "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            }
            String devicePath = device.getDevicePath();
            errors.present(at + ".devicePath", devicePath);
            if (!devicePath.isEmpty() && !paths.add(devicePath)) {
                errors.invalid(at + ".devicePath", devicePath, "must be unique");
            }
            VolumeSourceRules.noBacksteps(errors, devicePath, at + ".devicePath");
            if (container.getVolumeMountsList().stream()
                    .anyMatch(mount -> mount.getName().equals(name))) {
                errors.invalid(at + ".name", name, "must not already exist in volumeMounts");
            }
            if (container.getVolumeMountsList().stream()
                    .anyMatch(mount -> mount.getMountPath().equals(devicePath))) {
                errors.invalid(at + ".devicePath", devicePath, "must not already exist as a path in volumeMounts");
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
}
