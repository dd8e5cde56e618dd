package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.Specs;
import java.util.Optional;

/** Whether a pod is over by itself, by its restart policy. Pure. */
final class PodEnds {
    private PodEnds() {}

    /** No container of the pod will ever be started again. */
    static boolean hasEnded(Pod pod, ObservedPod observed) {
        if (Specs.restartPolicy(pod).equals("Always")) {
            return false;
        }
        if (Specs.restartPolicy(pod).equals("Never") && initFailed(pod, observed)) {
            return true;
        }
        return pod.getSpec().getContainersList().stream()
                .allMatch(c -> observed.latest(c.getName())
                                .filter(ObservedContainer::exited)
                                .isPresent()
                        && !mayStart(pod, c, observed));
    }

    private static boolean initFailed(Pod pod, ObservedPod observed) {
        return pod.getSpec().getInitContainersList().stream()
                .filter(c -> !Specs.isSidecar(c))
                .anyMatch(c -> observed.latest(c.getName())
                        .filter(i -> i.exited() && i.exitCode() != 0)
                        .isPresent());
    }

    /** A main container that does not run may be started, the first time or again. */
    static boolean mayStart(Pod pod, Container main, ObservedPod observed) {
        Optional<ObservedContainer> last = observed.latest(main.getName()).filter(ObservedContainer::exited);
        return last.isEmpty()
                || switch (Specs.restartPolicy(pod)) {
                    case "Never" -> false;
                    case "OnFailure" -> last.get().exitCode() != 0;
                    default -> true;
                };
    }
}
