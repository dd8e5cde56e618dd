package io.jollyboat.apiserver.admission.podsecurity;

import static io.jollyboat.apiserver.admission.podsecurity.Check.baseline;
import static io.jollyboat.apiserver.admission.podsecurity.Check.restricted;

import io.jollyboat.apiserver.admission.podsecurity.Check.Rule;
import io.jollyboat.apiserver.admission.podsecurity.Check.Since;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All checks, and which of them make up a level in a version. */
final class Standards {
    private static final Set<String> SYSCTLS_1_0 = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start");
    private static final Set<String> SYSCTLS_1_27 = with(SYSCTLS_1_0, "net.ipv4.ip_local_reserved_ports");
    private static final Set<String> SYSCTLS_1_29 = with(
            SYSCTLS_1_27,
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes");
    private static final Set<String> SYSCTLS_1_32 = with(SYSCTLS_1_29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem");

    /** In the order in which they are reported: by level, then by id. */
    private static final List<Check> ALL = List.of(
                    baseline("appArmorProfile", new Since(0, ProfileChecks::appArmor)),
                    baseline("capabilities_baseline", new Since(0, PrivilegeChecks::capabilities)),
                    baseline("hostNamespaces", new Since(0, HostChecks::namespaces)),
                    baseline("hostPathVolumes", new Since(0, HostChecks::paths)),
                    baseline("hostPorts", new Since(0, HostChecks::ports)),
                    baseline("hostProbesAndHostLifecycle", new Since(34, HostChecks::probes)),
                    baseline("privileged", new Since(0, PrivilegeChecks::privileged)),
                    baseline(
                            "procMount",
                            new Since(0, PrivilegeChecks::procMount),
                            new Since(35, rootElsewhere(PrivilegeChecks::procMount))),
                    baseline(
                            "seLinuxOptions",
                            new Since(0, pod -> ProfileChecks.seLinux(pod, ProfileChecks.SELINUX_1_0)),
                            new Since(31, pod -> ProfileChecks.seLinux(pod, ProfileChecks.SELINUX_1_31))),
                    baseline(
                            "seccompProfile_baseline",
                            new Since(0, ProfileChecks::seccompAnnotations),
                            new Since(19, ProfileChecks::seccomp)),
                    baseline(
                            "sysctls",
                            new Since(0, pod -> PrivilegeChecks.sysctls(pod, SYSCTLS_1_0)),
                            new Since(27, pod -> PrivilegeChecks.sysctls(pod, SYSCTLS_1_27)),
                            new Since(29, pod -> PrivilegeChecks.sysctls(pod, SYSCTLS_1_29)),
                            new Since(32, pod -> PrivilegeChecks.sysctls(pod, SYSCTLS_1_32))),
                    baseline("windowsHostProcess", new Since(0, HostChecks::windowsProcess)),
                    restricted(
                            "allowPrivilegeEscalation",
                            new Since(8, PrivilegeChecks::escalation),
                            new Since(25, notOnWindows(PrivilegeChecks::escalation))),
                    restricted(
                            "capabilities_restricted",
                            new Since(22, "capabilities_baseline", PrivilegeChecks::noCapabilities),
                            new Since(25, "capabilities_baseline", notOnWindows(PrivilegeChecks::noCapabilities))),
                    restricted("procMount_restricted", new Since(35, "procMount", PrivilegeChecks::procMount)),
                    restricted("restrictedVolumes", new Since(0, "hostPathVolumes", VolumeChecks::types)),
                    restricted(
                            "runAsNonRoot",
                            new Since(0, PrivilegeChecks::nonRoot),
                            new Since(35, rootElsewhere(PrivilegeChecks::nonRoot))),
                    restricted(
                            "runAsUser",
                            new Since(23, PrivilegeChecks::user),
                            new Since(35, rootElsewhere(PrivilegeChecks::user))),
                    restricted(
                            "seccompProfile_restricted",
                            new Since(19, "seccompProfile_baseline", ProfileChecks::seccompRequired),
                            new Since(25, "seccompProfile_baseline", notOnWindows(ProfileChecks::seccompRequired))))
            .stream()
            .sorted(Comparator.comparing(Check::level).thenComparing(Check::id))
            .toList();

    private static final int NEWEST = ALL.stream()
            .flatMap(check -> check.versions().stream())
            .mapToInt(Since::minor)
            .max()
            .orElseThrow();

    private final Map<LevelVersion, List<Rule>> known = new ConcurrentHashMap<>();

    /** What the pod does against the level. */
    List<Violation> violations(LevelVersion standard, PodView pod) {
        if (standard.level() == Level.PRIVILEGED) {
            return List.of();
        }
        LevelVersion meant = standard.minor() > NEWEST ? standard.withVersion(NEWEST) : standard;
        List<Violation> all = new ArrayList<>();
        for (Rule rule : known.computeIfAbsent(meant, Standards::rules)) {
            rule.look(pod).ifPresent(all::add);
        }
        return all;
    }

    private static List<Rule> rules(LevelVersion standard) {
        Set<String> replaced = new HashSet<>();
        if (standard.level() == Level.RESTRICTED) {
            for (Check check : ALL) {
                Since version = check.at(standard.minor());
                if (version != null) {
                    replaced.add(version.replaces());
                }
            }
        }
        List<Rule> rules = new ArrayList<>();
        for (Check check : ALL) {
            Since version = check.at(standard.minor());
            if (version != null && check.level().compareTo(standard.level()) <= 0 && !replaced.contains(check.id())) {
                rules.add(version.rule());
            }
        }
        return List.copyOf(rules);
    }

    private static Rule notOnWindows(Rule rule) {
        return pod -> pod.isWindows() ? Check.none() : rule.look(pod);
    }

    /** Where root within the pod is not root of the node. */
    private static Rule rootElsewhere(Rule rule) {
        return pod -> pod.ownUserNamespace() ? Check.none() : rule.look(pod);
    }

    private static Set<String> with(Set<String> names, String... more) {
        Set<String> all = new HashSet<>(names);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }
}
