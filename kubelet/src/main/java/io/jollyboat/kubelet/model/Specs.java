package io.jollyboat.kubelet.model;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.EphemeralContainerCommon;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Probe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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

    /** Of whatever sort. */
    public static Optional<Container> container(Pod pod, String name) {
        return Stream.concat(containers(pod), ephemeral(pod).stream())
                .filter(c -> c.getName().equals(name))
                .findFirst();
    }

    /** Those that somebody added to the running pod, to look around in it. */
    public static List<Container> ephemeral(Pod pod) {
        return pod.getSpec().getEphemeralContainersList().stream()
                .map(e -> asContainer(e.getEphemeralContainerCommon()))
                .toList();
    }

    /** The fields of the one are the fields of the other, by name, number and type. */
    private static Container asContainer(EphemeralContainerCommon common) {
        try {
            return Container.parseFrom(common.toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    public static boolean isInit(Pod pod, String name) {
        return pod.getSpec().getInitContainersList().stream()
                .anyMatch(c -> c.getName().equals(name));
    }

    /** Path of a container's events. */
    public static String fieldPath(Pod pod, String container) {
        boolean ephemeral = pod.getSpec().getEphemeralContainersList().stream()
                .anyMatch(e -> e.getEphemeralContainerCommon().getName().equals(container));
        String list = ephemeral ? "ephemeralContainers" : isInit(pod, container) ? "initContainers" : "containers";
        return "spec." + list + "{" + container + "}";
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
