package io.jollyboat.apiserver.admission.podsecurity;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What holds where a namespace's labels say nothing, and who and what is not held to anything. A part of upstream's form of
 * a file.
 *
 * @param defaults {@code enforce}, {@code audit} and {@code warn} levels, and their {@code -version}s
 */
public record PodSecurityConfiguration(
        String apiVersion, String kind, Map<String, String> defaults, Exemptions exemptions) {
    private static final String GROUP = "pod-security.admission.config.k8s.io/";
    private static final Set<String> VERSIONS = Set.of("v1", "v1beta1", "v1alpha1");
    private static final Set<String> KEYS =
            Set.of("enforce", "enforce-version", "audit", "audit-version", "warn", "warn-version");

    /** Holds nobody to anything. */
    public static final PodSecurityConfiguration NONE =
            new PodSecurityConfiguration(GROUP + "v1", "PodSecurityConfiguration", Map.of(), Exemptions.defaults());

    public PodSecurityConfiguration {
        boolean known = apiVersion.startsWith(GROUP) && VERSIONS.contains(apiVersion.substring(GROUP.length()));
        if (!known || !kind.equals("PodSecurityConfiguration")) {
            throw new IllegalArgumentException("apiVersion: must be " + GROUP + "v1, and kind PodSecurityConfiguration;"
                    + " found " + apiVersion + ", " + kind);
        }
        defaults.forEach((key, value) -> {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("defaults." + key + ": is not known; there are "
                        + String.join(", ", KEYS.stream().sorted().toList()));
            }
            boolean fits =
                    key.endsWith("-version") ? LevelVersion.parseVersion(value) >= 0 : Level.parse(value) != null;
            if (!fits) {
                throw new IllegalArgumentException("defaults." + key + ": Invalid value: \"" + value + "\": must be "
                        + (key.endsWith("-version")
                                ? "\"latest\" or \"v1.x\""
                                : "one of privileged, baseline, restricted"));
            }
        });
    }

    /** Whose pods, and which, are not looked at. */
    public record Exemptions(List<String> usernames, List<String> runtimeClasses, List<String> namespaces) {
        static Exemptions defaults() {
            return new Exemptions(List.of(), List.of(), List.of());
        }
    }

    NamespacePolicy policy() {
        return new NamespacePolicy(mode("enforce"), mode("audit"), mode("warn"), List.of());
    }

    private LevelVersion mode(String mode) {
        return new LevelVersion(
                Level.parse(defaults.getOrDefault(mode, "privileged")),
                LevelVersion.parseVersion(defaults.getOrDefault(mode + "-version", "latest")));
    }
}
