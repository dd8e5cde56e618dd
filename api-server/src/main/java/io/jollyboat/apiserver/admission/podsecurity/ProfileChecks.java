package io.jollyboat.apiserver.admission.podsecurity;

import static io.jollyboat.apiserver.admission.podsecurity.Check.found;
import static io.jollyboat.apiserver.admission.podsecurity.Check.none;
import static io.jollyboat.apiserver.admission.podsecurity.Violation.counted;
import static io.jollyboat.apiserver.admission.podsecurity.Violation.plural;
import static io.jollyboat.apiserver.admission.podsecurity.Violation.quoted;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.SELinuxOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Profiles that the kernel holds processes to: AppArmor, SELinux, seccomp. */
final class ProfileChecks {
    static final Set<String> SELINUX_1_0 = Set.of("", "container_t", "container_init_t", "container_kvm_t");
    static final Set<String> SELINUX_1_31 =
            Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
    private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
    /** Of AppArmor and of seccomp. */
    private static final Set<String> CONFINED = Set.of("RuntimeDefault", "Localhost");

    private ProfileChecks() {}

    static Optional<Violation> appArmor(PodView pod) {
        String ofPod = pod.spec().getSecurityContext().hasAppArmorProfile()
                ? unconfined(
                        pod.spec().getSecurityContext().getAppArmorProfile().getType())
                : null;
        List<String> bad = pod.named(container -> appArmor(container) != null);
        List<String> values = new ArrayList<>(pod.values(ofPod, ProfileChecks::appArmor));
        List<String> annotations = pod.annotations().entrySet().stream()
                .filter(annotation -> annotation.getKey().startsWith(APP_ARMOR) && !allowed(annotation.getValue()))
                .map(ProfileChecks::shown)
                .sorted()
                .toList();
        values.addAll(annotations);
        if (values.isEmpty()) {
            return none();
        }
        String setters = PodView.setters(ofPod != null, bad);
        if (!annotations.isEmpty()) {
            setters += (setters.isEmpty() ? "" : " and ") + plural("annotation", annotations.size());
        }
        return found(
                plural("forbidden AppArmor profile", values.size()),
                setters + " must not set AppArmor profile type to " + quoted(values));
    }

    private static String appArmor(Container container) {
        return container.getSecurityContext().hasAppArmorProfile()
                ? unconfined(container.getSecurityContext().getAppArmorProfile().getType())
                : null;
    }

    private static boolean allowed(String annotation) {
        return annotation.isEmpty() || annotation.equals("runtime/default") || annotation.startsWith("localhost/");
    }

    private static String shown(Map.Entry<String, String> annotation) {
        return annotation.getKey() + "=\"" + annotation.getValue() + '"';
    }

    /** Null for a type that confines. */
    private static String unconfined(String type) {
        return CONFINED.contains(type) ? null : type;
    }

    static Optional<Violation> seLinux(PodView pod, Set<String> allowedTypes) {
        List<SELinuxOptions> wrong = new ArrayList<>();
        SELinuxOptions ofPod = pod.spec().getSecurityContext().getSeLinuxOptions();
        boolean podWrong = !allowed(ofPod, allowedTypes);
        if (podWrong) {
            wrong.add(ofPod);
        }
        List<String> bad = new ArrayList<>();
        for (Container container : pod.containers()) {
            SELinuxOptions own = container.getSecurityContext().getSeLinuxOptions();
            if (!allowed(own, allowedTypes)) {
                bad.add(container.getName());
                wrong.add(own);
            }
        }
        if (wrong.isEmpty()) {
            return none();
        }
        List<String> parts = new ArrayList<>();
        List<String> types = wrong.stream()
                .map(SELinuxOptions::getType)
                .filter(type -> !allowedTypes.contains(type))
                .distinct()
                .sorted()
                .toList();
        if (!types.isEmpty()) {
            parts.add(counted("type", types));
        }
        if (wrong.stream().anyMatch(options -> !options.getUser().isEmpty())) {
            parts.add("user may not be set");
        }
        if (wrong.stream().anyMatch(options -> !options.getRole().isEmpty())) {
            parts.add("role may not be set");
        }
        return found(
                "seLinuxOptions",
                PodView.setters(podWrong, bad) + " set forbidden securityContext.seLinuxOptions: "
                        + String.join("; ", parts));
    }

    private static boolean allowed(SELinuxOptions options, Set<String> types) {
        return types.contains(options.getType())
                && options.getUser().isEmpty()
                && options.getRole().isEmpty();
    }

    /** Of the time when it was said by annotations. */
    static Optional<Violation> seccompAnnotations(PodView pod) {
        Collection<String> forbidden = new TreeSet<>();
        List<String> keys = new ArrayList<>(List.of(SECCOMP_POD));
        pod.containers().forEach(container -> keys.add(SECCOMP_CONTAINER + container.getName()));
        for (String key : keys) {
            String value = pod.annotations().get(key);
            if (value != null
                    && !value.equals("runtime/default")
                    && !value.equals("docker/default")
                    && !value.startsWith("localhost/")) {
                forbidden.add(key + "=\"" + value + '"');
            }
        }
        return forbidden.isEmpty()
                ? none()
                : found(
                        "seccompProfile",
                        "forbidden " + plural("annotation", forbidden.size()) + " " + String.join(", ", forbidden));
    }

    static Optional<Violation> seccomp(PodView pod) {
        String ofPod = pod.spec().getSecurityContext().hasSeccompProfile()
                ? unconfined(pod.spec().getSecurityContext().getSeccompProfile().getType())
                : null;
        List<String> bad = pod.named(container -> seccomp(container) != null);
        if (ofPod == null && bad.isEmpty()) {
            return none();
        }
        return found(
                "seccompProfile",
                PodView.setters(ofPod != null, bad) + " must not set securityContext.seccompProfile.type to "
                        + quoted(pod.values(ofPod, ProfileChecks::seccomp)));
    }

    /** It must not only be right, it must be there. */
    static Optional<Violation> seccompRequired(PodView pod) {
        Optional<Violation> wrong = seccomp(pod);
        if (wrong.isPresent() || pod.spec().getSecurityContext().hasSeccompProfile()) {
            return wrong;
        }
        List<String> without =
                pod.named(container -> !container.getSecurityContext().hasSeccompProfile());
        return without.isEmpty()
                ? none()
                : found(
                        "seccompProfile",
                        "pod or " + counted("container", without)
                                + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                                + " \"Localhost\"");
    }

    private static String seccomp(Container container) {
        return container.getSecurityContext().hasSeccompProfile()
                ? unconfined(container.getSecurityContext().getSeccompProfile().getType())
                : null;
    }
}
