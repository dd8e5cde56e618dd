package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSecurityContext;
import io.jollyboat.api.core.v1.SELinuxOptions;
import io.jollyboat.api.core.v1.SeccompProfile;
import io.jollyboat.api.core.v1.SecurityContext;
import io.jollyboat.cri.v1.Capability;
import io.jollyboat.cri.v1.Image;
import io.jollyboat.cri.v1.Int64Value;
import io.jollyboat.cri.v1.LinuxContainerSecurityContext;
import io.jollyboat.cri.v1.NamespaceMode;
import io.jollyboat.cri.v1.NamespaceOption;
import io.jollyboat.cri.v1.SELinuxOption;
import io.jollyboat.cri.v1.SecurityProfile;
import io.jollyboat.kubelet.env.EnvironmentException;
import io.jollyboat.kubelet.model.PodId;
import java.nio.file.Path;
import java.util.List;

/** What a container may do, from the pod's and its own security context. Pure. */
final class SecurityProfiles {
    static final SecurityProfile RUNTIME_DEFAULT = SecurityProfile.newBuilder()
            .setProfileType(io.jollyboat.cri.v1.ProfileType.RuntimeDefault)
            .build();

    private static final SecurityProfile UNCONFINED = SecurityProfile.newBuilder()
            .setProfileType(io.jollyboat.cri.v1.ProfileType.Unconfined)
            .build();
    private static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private SecurityProfiles() {}

    /**
     * @param seccompRoot where localhost profiles are
     * @param target whose processes it sees, null for none
     */
    static LinuxContainerSecurityContext of(
            Pod pod, Container container, Image image, Path seccompRoot, Action.Target target) {
        PodSecurityContext whole = pod.getSpec().getSecurityContext();
        SecurityContext own = container.getSecurityContext();
        LinuxContainerSecurityContext.Builder context = LinuxContainerSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(pod, target))
                .setPrivileged(own.getPrivileged())
                .setReadonlyRootfs(own.getReadOnlyRootFilesystem())
                .setNoNewPrivs(own.hasAllowPrivilegeEscalation() && !own.getAllowPrivilegeEscalation())
                .setCapabilities(Capability.newBuilder()
                        .addAllAddCapabilities(own.getCapabilities().getAddList())
                        .addAllDropCapabilities(own.getCapabilities().getDropList()))
                .setSeccomp(seccomp(
                        own.getPrivileged(),
                        own.hasSeccompProfile() ? own.getSeccompProfile() : whole.getSeccompProfile(),
                        seccompRoot))
                .addAllSupplementalGroups(whole.getSupplementalGroupsList());
        if (whole.hasFsGroup()) {
            context.addSupplementalGroups(whole.getFsGroup());
        }
        if (!own.getPrivileged() && !own.getProcMount().equals("Unmasked")) {
            context.addAllMaskedPaths(MASKED).addAllReadonlyPaths(READ_ONLY);
        }
        if (own.hasSeLinuxOptions() || whole.hasSeLinuxOptions()) {
            context.setSelinuxOptions(
                    selinux(own.hasSeLinuxOptions() ? own.getSeLinuxOptions() : whole.getSeLinuxOptions()));
        }
        user(context, PodId.of(pod), container, whole, own, image);
        return context.build();
    }

    private static NamespaceOption namespaces(Pod pod, Action.Target target) {
        NamespaceOption ofPod = SandboxConfigs.namespaces(pod);
        if (target == null) {
            return ofPod;
        }
        if (target.id().isEmpty()) {
            throw new EnvironmentException("unable to find target container " + target.name());
        }
        return ofPod.toBuilder()
                .setPid(NamespaceMode.TARGET)
                .setTargetId(target.id())
                .build();
    }

    private static void user(
            LinuxContainerSecurityContext.Builder context,
            PodId pod,
            Container container,
            PodSecurityContext whole,
            SecurityContext own,
            Image image) {
        boolean asked = own.hasRunAsUser() || whole.hasRunAsUser();
        long user = own.hasRunAsUser() ? own.getRunAsUser() : whole.getRunAsUser();
        boolean nonRoot = own.hasRunAsNonRoot() ? own.getRunAsNonRoot() : whole.getRunAsNonRoot();
        if (nonRoot) {
            checkNonRoot(pod, container, asked, user, image);
        }
        if (asked) {
            context.setRunAsUser(Int64Value.newBuilder().setValue(user));
        } else if (image.hasUid()) {
            context.setRunAsUser(image.getUid());
        } else if (!image.getUsername().isEmpty()) {
            context.setRunAsUsername(image.getUsername());
        }
        boolean known = context.hasRunAsUser() || !context.getRunAsUsername().isEmpty();
        if (known && (own.hasRunAsGroup() || whole.hasRunAsGroup())) {
            context.setRunAsGroup(Int64Value.newBuilder()
                    .setValue(own.hasRunAsGroup() ? own.getRunAsGroup() : whole.getRunAsGroup()));
        }
    }

    private static void checkNonRoot(PodId pod, Container container, boolean asked, long user, Image image) {
        String where = "(pod: \"" + pod + "\", container: " + container.getName() + ")";
        if (asked) {
            if (user == 0) {
                throw new EnvironmentException("container's runAsUser breaks non-root policy " + where);
            }
        } else if (!image.getUsername().isEmpty()) {
            throw new EnvironmentException("container has runAsNonRoot and image has non-numeric user ("
                    + image.getUsername() + "), cannot verify user is non-root " + where);
        } else if (image.getUid().getValue() == 0) {
            throw new EnvironmentException("container has runAsNonRoot and image will run as root " + where);
        }
    }

    private static SecurityProfile seccomp(boolean privileged, SeccompProfile profile, Path root) {
        if (privileged) {
            return UNCONFINED;
        }
        return switch (profile.getType()) {
            case "RuntimeDefault" -> RUNTIME_DEFAULT;
            case "Localhost" ->
                SecurityProfile.newBuilder()
                        .setProfileType(io.jollyboat.cri.v1.ProfileType.Localhost)
                        .setLocalhostRef(
                                root.resolve(profile.getLocalhostProfile()).toString())
                        .build();
            default -> UNCONFINED;
        };
    }

    private static SELinuxOption selinux(SELinuxOptions options) {
        return SELinuxOption.newBuilder()
                .setUser(options.getUser())
                .setRole(options.getRole())
                .setType(options.getType())
                .setLevel(options.getLevel())
                .build();
    }
}
