package io.jollyboat.apiserver.admission.podsecurity;

import static io.jollyboat.apiserver.admission.podsecurity.Check.found;
import static io.jollyboat.apiserver.admission.podsecurity.Check.none;
import static io.jollyboat.apiserver.admission.podsecurity.Violation.counted;
import static io.jollyboat.apiserver.admission.podsecurity.Violation.quoted;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Sysctl;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Rights of a container's processes. */
final class PrivilegeChecks {
    private static final Set<String> CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");

    private PrivilegeChecks() {}

    static Optional<Violation> privileged(PodView pod) {
        List<String> bad = pod.named(container -> container.getSecurityContext().getPrivileged());
        return bad.isEmpty()
                ? none()
                : found("privileged", counted("container", bad) + " must not set securityContext.privileged=true");
    }

    static Optional<Violation> escalation(PodView pod) {
        List<String> bad =
                pod.named(container -> !container.getSecurityContext().hasAllowPrivilegeEscalation()
                        || container.getSecurityContext().getAllowPrivilegeEscalation());
        return bad.isEmpty()
                ? none()
                : found(
                        "allowPrivilegeEscalation != false",
                        counted("container", bad) + " must set securityContext.allowPrivilegeEscalation=false");
    }

    static Optional<Violation> capabilities(PodView pod) {
        Collection<String> forbidden = new TreeSet<>();
        List<String> bad = pod.named(container -> adds(container, CAPABILITIES, forbidden));
        return bad.isEmpty() ? none() : found("non-default capabilities", mustNotAdd(bad, forbidden));
    }

    static Optional<Violation> noCapabilities(PodView pod) {
        Collection<String> forbidden = new TreeSet<>();
        List<String> keeping = pod.named(container ->
                !container.getSecurityContext().getCapabilities().getDropList().contains("ALL"));
        List<String> adding = pod.named(container -> adds(container, Set.of("NET_BIND_SERVICE"), forbidden));
        List<String> parts = new ArrayList<>();
        if (!keeping.isEmpty()) {
            parts.add(counted("container", keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
        }
        if (!adding.isEmpty()) {
            parts.add(mustNotAdd(adding, forbidden));
        }
        return parts.isEmpty() ? none() : found("unrestricted capabilities", String.join("; ", parts));
    }

    private static boolean adds(Container container, Set<String> allowed, Collection<String> forbidden) {
        List<String> own = container.getSecurityContext().getCapabilities().getAddList().stream()
                .filter(capability -> !allowed.contains(capability))
                .toList();
        forbidden.addAll(own);
        return !own.isEmpty();
    }

    private static String mustNotAdd(List<String> containers, Collection<String> capabilities) {
        return counted("container", containers) + " must not include " + quoted(capabilities)
                + " in securityContext.capabilities.add";
    }

    static Optional<Violation> procMount(PodView pod) {
        List<String> bad = pod.named(container -> unusualProcMount(container) != null);
        return bad.isEmpty()
                ? none()
                : found(
                        "procMount",
                        counted("container", bad) + " must not set securityContext.procMount to "
                                + quoted(pod.values(null, PrivilegeChecks::unusualProcMount)));
    }

    private static String unusualProcMount(Container container) {
        boolean usual = !container.getSecurityContext().hasProcMount()
                || container.getSecurityContext().getProcMount().equals("Default");
        return usual ? null : container.getSecurityContext().getProcMount();
    }

    static Optional<Violation> nonRoot(PodView pod) {
        boolean set = pod.spec().getSecurityContext().hasRunAsNonRoot();
        boolean ofPod = pod.spec().getSecurityContext().getRunAsNonRoot();
        List<String> saying =
                pod.named(container -> container.getSecurityContext().hasRunAsNonRoot()
                        && !container.getSecurityContext().getRunAsNonRoot());
        String setters = PodView.setters(set && !ofPod, saying);
        if (!setters.isEmpty()) {
            return found("runAsNonRoot != true", setters + " must not set securityContext.runAsNonRoot=false");
        }
        List<String> silent =
                pod.named(container -> !container.getSecurityContext().hasRunAsNonRoot());
        return ofPod || silent.isEmpty()
                ? none()
                : found(
                        "runAsNonRoot != true",
                        "pod or " + counted("container", silent) + " must set securityContext.runAsNonRoot=true");
    }

    static Optional<Violation> user(PodView pod) {
        boolean ofPod = pod.spec().getSecurityContext().hasRunAsUser()
                && pod.spec().getSecurityContext().getRunAsUser() == 0;
        List<String> bad = pod.named(container -> container.getSecurityContext().hasRunAsUser()
                && container.getSecurityContext().getRunAsUser() == 0);
        String setters = PodView.setters(ofPod, bad);
        return setters.isEmpty() ? none() : found("runAsUser=0", setters + " must not set runAsUser=0");
    }

    static Optional<Violation> sysctls(PodView pod, Set<String> safe) {
        List<String> bad = pod.spec().getSecurityContext().getSysctlsList().stream()
                .map(Sysctl::getName)
                .filter(name -> !safe.contains(name))
                .toList();
        return bad.isEmpty() ? none() : found("forbidden sysctls", String.join(", ", bad));
    }
}
