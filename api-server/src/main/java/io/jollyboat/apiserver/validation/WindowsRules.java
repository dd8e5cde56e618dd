package io.jollyboat.apiserver.validation;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.PodSpec;
import java.util.List;

/** What pods for the one operating system cannot have of the other. */
final class WindowsRules {
    private static final String WINDOWS = "cannot be set for a windows pod";
    private static final String LINUX = "windows options cannot be set for a linux pod";
    private static final List<String> HOST = List.of("hostPID", "hostIPC", "hostUsers");
    private static final List<String> POD = List.of(
            "appArmorProfile",
            "seLinuxOptions",
            "seccompProfile",
            "fsGroup",
            "fsGroupChangePolicy",
            "sysctls",
            "shareProcessNamespace",
            "runAsUser",
            "runAsGroup",
            "supplementalGroups",
            "supplementalGroupsPolicy");
    private static final List<String> CONTAINER = List.of(
            "appArmorProfile",
            "seLinuxOptions",
            "seccompProfile",
            "capabilities",
            "readOnlyRootFilesystem",
            "privileged",
            "allowPrivilegeEscalation",
            "procMount",
            "runAsUser",
            "runAsGroup");

    private WindowsRules() {}

    static void check(Errors errors, PodSpec spec, String path) {
        switch (spec.getOs().getName()) {
            case "windows" -> windows(errors, spec, path);
            case "linux" -> linux(errors, spec, path);
            default -> {
                // Anything goes where nothing is said.
            }
        }
    }

    private static void windows(Errors errors, PodSpec spec, String path) {
        set(errors, spec, HOST, path);
        set(errors, spec.getSecurityContext(), POD, path + ".securityContext");
        for (int i = 0; i < spec.getContainersCount(); i++) {
            container(errors, spec.getContainers(i), path + ".containers[" + i + "]");
        }
        for (int i = 0; i < spec.getInitContainersCount(); i++) {
            container(errors, spec.getInitContainers(i), path + ".initContainers[" + i + "]");
        }
    }

    private static void container(Errors errors, Container container, String path) {
        set(errors, container.getSecurityContext(), CONTAINER, path + ".securityContext");
    }

    private static void linux(Errors errors, PodSpec spec, String path) {
        if (spec.getSecurityContext().hasWindowsOptions()) {
            errors.forbidden(path + ".securityContext.windowsOptions", LINUX);
        }
        for (int i = 0; i < spec.getContainersCount(); i++) {
            if (spec.getContainers(i).getSecurityContext().hasWindowsOptions()) {
                errors.forbidden(path + ".containers[" + i + "].securityContext.windowsOptions", LINUX);
            }
        }
    }

    private static void set(Errors errors, Message message, List<String> names, String path) {
        for (String name : names) {
            FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
            if (field == null) {
                continue;
            }
            boolean present = field.isRepeated()
                    ? message.getRepeatedFieldCount(field) > 0
                    : message.hasField(field) && !Boolean.FALSE.equals(message.getField(field));
            if (present) {
                errors.forbidden(path + "." + name, WINDOWS);
            }
        }
    }
}
