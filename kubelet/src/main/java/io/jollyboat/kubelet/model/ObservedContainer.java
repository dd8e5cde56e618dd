package io.jollyboat.kubelet.model;

import java.time.Instant;

/**
 * One instance of a container.
 *
 * @param restartCount how many instances came before
 * @param startedAt Instant.EPOCH before the start
 * @param finishedAt Instant.EPOCH before the end
 * @param message the runtime's, or the termination message
 * @param imageRef the image's digest reference
 * @param hash of the spec it was made from
 */
public record ObservedContainer(
        String id,
        String sandboxId,
        String name,
        int restartCount,
        State state,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt,
        int exitCode,
        String reason,
        String message,
        String image,
        String imageRef,
        String hash,
        String logPath) {
    /** As the CRI has them. */
    public enum State {
        CREATED,
        RUNNING,
        EXITED,
        UNKNOWN
    }

    public boolean running() {
        return state == State.RUNNING;
    }

    public boolean exited() {
        return state == State.EXITED;
    }
}
