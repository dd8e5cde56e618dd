package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.AppArmorProfile;
import io.jollyboat.api.core.v1.PodSecurityContext;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.SeccompProfile;
import io.jollyboat.api.core.v1.SecurityContext;
import io.jollyboat.api.core.v1.Sysctl;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.Set;

/** The rules of security contexts. */
final class SecurityRules {
    private static final String SYSCTL = "([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?";

    private SecurityRules() {}

    static void container(Errors errors, SecurityContext context, String path) {
        if (context.hasRunAsUser()) {
            id(errors, context.getRunAsUser(), path + ".runAsUser");
        }
        if (context.hasRunAsGroup()) {
            id(errors, context.getRunAsGroup(), path + ".runAsGroup");
        }
        if (context.hasProcMount()) {
            errors.oneOf(path + ".procMount", context.getProcMount(), "Default", "Unmasked");
        }
        if (context.hasSeccompProfile()) {
            seccomp(errors, context.getSeccompProfile(), path + ".seccompProfile");
        }
        if (context.hasAllowPrivilegeEscalation() && !context.getAllowPrivilegeEscalation()) {
            if (context.getPrivileged()) {
                errors.invalid(
                        path,
                        Errors.shown(context),
                        "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            }
            if (context.getCapabilities().getAddList().contains("CAP_SYS_ADMIN")) {
                errors.invalid(
                        path,
                        Errors.shown(context),
                        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
            }
        }
        if (context.hasAppArmorProfile()) {
            appArmor(errors, context.getAppArmorProfile(), path + ".appArmorProfile");
        }
    }

    static void pod(Errors errors, PodSpec spec, String path) {
        PodSecurityContext context = spec.getSecurityContext();
        if (context.hasFsGroup()) {
            id(errors, context.getFsGroup(), path + ".fsGroup");
        }
        if (context.hasRunAsUser()) {
            id(errors, context.getRunAsUser(), path + ".runAsUser");
        }
        if (context.hasRunAsGroup()) {
            id(errors, context.getRunAsGroup(), path + ".runAsGroup");
        }
        for (int i = 0; i < context.getSupplementalGroupsCount(); i++) {
            id(errors, context.getSupplementalGroups(i), path + ".supplementalGroups[" + i + "]");
        }
        if (spec.getShareProcessNamespace() && spec.getHostPID()) {
            errors.invalid(
                    path + ".shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < context.getSysctlsCount(); i++) {
            Sysctl sysctl = context.getSysctls(i);
            String at = path + ".sysctls[" + i + "].name";
            if (sysctl.getName().isEmpty()) {
                errors.required(at);
            } else if (sysctl.getName().length() > 253 || !sysctl.getName().matches(SYSCTL)) {
                errors.invalid(
                        at, sysctl.getName(), "must have at most 253 characters and match regex ^" + SYSCTL + "$");
            } else if (!names.add(sysctl.getName())) {
                errors.duplicate(at, sysctl.getName());
            }
        }
        if (context.hasFsGroupChangePolicy()) {
            errors.oneOf(path + ".fsGroupChangePolicy", context.getFsGroupChangePolicy(), "Always", "OnRootMismatch");
        }
        if (context.hasSeccompProfile()) {
            seccomp(errors, context.getSeccompProfile(), path + ".seccompProfile");
        }
        if (context.hasAppArmorProfile()) {
            appArmor(errors, context.getAppArmorProfile(), path + ".appArmorProfile");
        }
    }

    private static void id(Errors errors, long value, String path) {
        errors.invalid(path, value, Names.inRange(value, 0, Integer.MAX_VALUE));
    }

    private static void seccomp(Errors errors, SeccompProfile profile, String path) {
        boolean local = profile.getType().equals("Localhost");
        if (profile.getType().isEmpty()) {
            errors.required(path + ".type", "type is required when seccompProfile is set");
        } else if (local && !profile.hasLocalhostProfile()) {
            errors.required(path + ".localhostProfile", "must be set when seccomp type is Localhost");
        } else if (local) {
            VolumeSourceRules.descending(errors, profile.getLocalhostProfile(), path + ".localhostProfile");
        } else if (profile.hasLocalhostProfile()) {
            errors.invalid(
                    path + ".localhostProfile",
                    profile.getLocalhostProfile(),
                    "can only be set when seccomp type is Localhost");
        }
        if (!profile.getType().isEmpty()) {
            errors.oneOf(path + ".type", profile.getType(), "Localhost", "RuntimeDefault", "Unconfined");
        }
    }

    private static void appArmor(Errors errors, AppArmorProfile profile, String path) {
        if (profile.getType().isEmpty()) {
            errors.required(path + ".type", "type is required when appArmorProfile is set");
            return;
        }
        boolean local = profile.getType().equals("Localhost");
        if (local && profile.getLocalhostProfile().isBlank()) {
            errors.required(path + ".localhostProfile", "must be set when AppArmor type is Localhost");
        } else if (!local && profile.hasLocalhostProfile()) {
            errors.invalid(
                    path + ".localhostProfile",
                    profile.getLocalhostProfile(),
                    "can only be set when AppArmor type is Localhost");
        }
        errors.oneOf(path + ".type", profile.getType(), "Localhost", "RuntimeDefault", "Unconfined");
    }
}
