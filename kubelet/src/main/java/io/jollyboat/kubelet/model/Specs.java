package io.jollyboat.kubelet.model;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Probe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** What is read out of pod specs in more than one place. */
public final class Specs {
    private Specs() {}

    /** An init container that stays. */
    public static boolean isSidecar(Container init) {
        return init.getRestartPolicy().equals("Always");
    }

    public static String restartPolicy(Pod pod) {
        String policy = pod.getSpec().getRestartPolicy();
        return policy.isEmpty() ? "Always" : policy;
    }

    /** Init containers, then main ones. */
    public static Stream<Container> containers(Pod pod) {
        return Stream.concat(
                pod.getSpec().getInitContainersList().stream(), pod.getSpec().getContainersList().stream());
    }

    public static Optional<Container> container(Pod pod, String name) {
        return containers(pod).filter(c -> c.getName().equals(name)).findFirst();
    }

    public static boolean isInit(Pod pod, String name) {
        return pod.getSpec().getInitContainersList().stream()
                .anyMatch(c -> c.getName().equals(name));
    }

    /** Path of a container's events. */
    public static String fieldPath(Pod pod, String container) {
        return (isInit(pod, container) ? "spec.initContainers{" : "spec.containers{") + container + "}";
    }

    /** Of what needs a new container when it changes: name and image. FNV-1a in hex. */
    public static String hash(Container container) {
        int hash = 0x811c9dc5;
        for (byte b : (container.getName() + "\n" + container.getImage()).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        return Integer.toHexString(hash);
    }

    /** A probe's own grace period, or null. */
    public static Duration probeGrace(Probe probe) {
        return probe.hasTerminationGracePeriodSeconds()
                ? Duration.ofSeconds(probe.getTerminationGracePeriodSeconds())
                : null;
    }

    /** How long the pod's containers have to end: at least a second, as upstream has it. */
    public static Duration gracePeriod(Pod pod) {
        long seconds = pod.getMetadata().hasDeletionGracePeriodSeconds()
                ? pod.getMetadata().getDeletionGracePeriodSeconds()
                : pod.getSpec().hasTerminationGracePeriodSeconds()
                        ? pod.getSpec().getTerminationGracePeriodSeconds()
                        : 30;
        return Duration.ofSeconds(Math.max(1, seconds));
    }
}
