package io.jollyboat.kubelet.model;

import java.util.List;
import java.util.Optional;

/**
 * All that the runtime holds of one pod.
 *
 * @param sandboxes newest first
 * @param containers newest first
 */
public record ObservedPod(List<ObservedSandbox> sandboxes, List<ObservedContainer> containers) {
    public static final ObservedPod NOTHING = new ObservedPod(List.of(), List.of());

    public ObservedPod {
        sandboxes = List.copyOf(sandboxes);
        containers = List.copyOf(containers);
    }

    /** The newest, if it is ready. */
    public Optional<ObservedSandbox> readySandbox() {
        return sandboxes.stream().findFirst().filter(ObservedSandbox::ready);
    }

    /** All instances of one container, newest first. */
    public List<ObservedContainer> instances(String name) {
        return containers.stream().filter(c -> c.name().equals(name)).toList();
    }

    /** The newest instance, in whatever sandbox. */
    public Optional<ObservedContainer> latest(String name) {
        return containers.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /** The newest instance in one sandbox. */
    public Optional<ObservedContainer> latestIn(String sandboxId, String name) {
        return containers.stream()
                .filter(c -> c.name().equals(name) && c.sandboxId().equals(sandboxId))
                .findFirst();
    }

    /** Those that run, or of which the runtime does not know better. */
    public List<ObservedContainer> live() {
        return containers.stream()
                .filter(c -> switch (c.state()) {
                    case RUNNING, UNKNOWN -> true;
                    case CREATED, EXITED -> false;
                })
                .toList();
    }
}
