package io.jollyboat.apiserver.admission.podsecurity;

import static io.jollyboat.apiserver.admission.podsecurity.Check.found;
import static io.jollyboat.apiserver.admission.podsecurity.Check.none;
import static io.jollyboat.apiserver.admission.podsecurity.Violation.counted;
import static io.jollyboat.apiserver.admission.podsecurity.Violation.plural;
import static io.jollyboat.apiserver.admission.podsecurity.Violation.quoted;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.HTTPGetAction;
import io.jollyboat.api.core.v1.LifecycleHandler;
import io.jollyboat.api.core.v1.Probe;
import io.jollyboat.api.core.v1.TCPSocketAction;
import io.jollyboat.api.core.v1.Volume;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What reaches out of the pod to its node. */
final class HostChecks {
    private HostChecks() {}

    static Optional<Violation> namespaces(PodView pod) {
        List<String> shared = new ArrayList<>();
        if (pod.spec().getHostNetwork()) {
            shared.add("hostNetwork=true");
        }
        if (pod.spec().getHostPID()) {
            shared.add("hostPID=true");
        }
        if (pod.spec().getHostIPC()) {
            shared.add("hostIPC=true");
        }
        return shared.isEmpty() ? none() : found("host namespaces", String.join(", ", shared));
    }

    static Optional<Violation> paths(PodView pod) {
        List<String> volumes = pod.spec().getVolumesList().stream()
                .filter(volume -> volume.getVolumeSource().hasHostPath())
                .map(Volume::getName)
                .toList();
        return volumes.isEmpty() ? none() : found("hostPath volumes", counted("volume", volumes));
    }

    static Optional<Violation> ports(PodView pod) {
        Collection<String> taken = new TreeSet<>();
        List<String> bad = pod.named(container -> container.getPortsList().stream()
                        .filter(port -> port.getHostPort() != 0)
                        .peek(port -> taken.add(Integer.toString(port.getHostPort())))
                        .count()
                > 0);
        return bad.isEmpty()
                ? none()
                : found(
                        "hostPort",
                        counted("container", bad) + (bad.size() == 1 ? " uses " : " use ")
                                + plural("hostPort", taken.size()) + " " + String.join(", ", taken));
    }

    static Optional<Violation> probes(PodView pod) {
        Collection<String> bad = new TreeSet<>();
        Collection<String> hosts = new TreeSet<>();
        for (Container container : pod.containers()) {
            List<String> own = new ArrayList<>();
            add(own, container.getLivenessProbe());
            add(own, container.getReadinessProbe());
            add(own, container.getStartupProbe());
            add(own, container.getLifecycle().getPostStart());
            add(own, container.getLifecycle().getPreStop());
            if (!own.isEmpty()) {
                bad.add(container.getName());
                hosts.addAll(own);
            }
        }
        return bad.isEmpty()
                ? none()
                : found(
                        "probe or lifecycle host",
                        counted("container", bad) + (bad.size() == 1 ? " uses " : " use ")
                                + plural("probe or lifecycle host", hosts.size()) + " " + quoted(hosts));
    }

    private static void add(List<String> hosts, Probe probe) {
        add(hosts, probe.getHandler().getHttpGet(), probe.getHandler().getTcpSocket());
    }

    private static void add(List<String> hosts, LifecycleHandler handler) {
        add(hosts, handler.getHttpGet(), handler.getTcpSocket());
    }

    private static void add(List<String> hosts, HTTPGetAction http, TCPSocketAction tcp) {
        if (!http.getHost().isEmpty()) {
            hosts.add(http.getHost());
        }
        if (!tcp.getHost().isEmpty()) {
            hosts.add(tcp.getHost());
        }
    }

    static Optional<Violation> windowsProcess(PodView pod) {
        boolean ofPod = pod.spec().getSecurityContext().getWindowsOptions().getHostProcess();
        List<String> bad = pod.named(
                container -> container.getSecurityContext().getWindowsOptions().getHostProcess());
        return ofPod || !bad.isEmpty()
                ? found(
                        "hostProcess",
                        PodView.setters(ofPod, bad) + " must not set securityContext.windowsOptions.hostProcess=true")
                : none();
    }
}
