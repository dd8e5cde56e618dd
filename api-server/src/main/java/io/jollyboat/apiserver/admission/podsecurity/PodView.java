package io.jollyboat.apiserver.admission.podsecurity;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.EphemeralContainer;
import io.jollyboat.api.core.v1.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A pod, or what pods will be made from, as checks look at it.
 *
 * @param containers of all three sorts: first those that initialize, last the ephemeral
 */
record PodView(Map<String, String> annotations, PodSpec spec, List<Container> containers) {
    static PodView of(Map<String, String> annotations, PodSpec spec) {
        List<Container> all = new ArrayList<>(spec.getInitContainersList());
        all.addAll(spec.getContainersList());
        spec.getEphemeralContainersList().forEach(ephemeral -> all.add(container(ephemeral)));
        return new PodView(annotations, spec, List.copyOf(all));
    }

    /** The same fields under the same numbers. */
    static Container container(EphemeralContainer ephemeral) {
        try {
            return Container.parseFrom(ephemeral.getEphemeralContainerCommon().toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an ephemeral container is no container", e);
        }
    }

    /** Names of the containers that are so. */
    List<String> named(Predicate<Container> predicate) {
        return containers.stream().filter(predicate).map(Container::getName).toList();
    }

    boolean isWindows() {
        return spec.getOs().getName().equals("windows");
    }

    /** Root within is nobody on the node. */
    boolean ownUserNamespace() {
        return spec.hasHostUsers() && !spec.getHostUsers();
    }

    /** {@code pod}, {@code containers "a", "b"} or both, joined by "and"; empty for nobody. */
    static String setters(boolean pod, List<String> containers) {
        List<String> parts = new ArrayList<>();
        if (pod) {
            parts.add("pod");
        }
        if (!containers.isEmpty()) {
            parts.add(Violation.counted("container", containers));
        }
        return String.join(" and ", parts);
    }

    /** The distinct values of the pod and of its containers, sorted, nulls left out. */
    List<String> values(String ofPod, Function<Container, String> ofContainer) {
        List<String> all = new ArrayList<>();
        if (ofPod != null) {
            all.add(ofPod);
        }
        containers.stream().map(ofContainer).filter(value -> value != null).forEach(all::add);
        return all.stream().distinct().sorted().toList();
    }
}
