package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Container;
import java.time.Duration;

/** One step that a plan asks for. */
public sealed interface Action {
    record StopSandbox(String sandboxId) implements Action {}

    record CreateSandbox(int attempt) implements Action {}

    /**
     * @param restartCount how many instances came before
     * @param init it stands among the init containers
     * @param target null for none
     */
    record StartContainer(Container container, int restartCount, boolean init, Target target) implements Action {
        StartContainer(Container container, int restartCount, boolean init) {
            this(container, restartCount, init, null);
        }
    }

    /**
     * Whose processes a container sees as its own.
     *
     * @param id empty when there is no such container
     */
    record Target(String name, String id) {}

    /**
     * @param message of the Killing event
     * @param grace null: the pod's own
     */
    record KillContainer(String containerId, String name, KillReason reason, String message, Duration grace)
            implements Action {}

    /** Why a container is killed. */
    enum KillReason {
        POD_ENDS,
        SANDBOX_CHANGED,
        SPEC_CHANGED,
        LIVENESS_FAILED,
        STARTUP_FAILED,
        POST_START_FAILED,
        UNKNOWN_STATE
    }
}
