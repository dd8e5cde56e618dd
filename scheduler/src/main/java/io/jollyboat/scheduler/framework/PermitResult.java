package io.jollyboat.scheduler.framework;

import java.time.Duration;

/** Whether a pod with a place may be bound. */
public sealed interface PermitResult {
    PermitResult ALLOWED = new Allowed();

    record Allowed() implements PermitResult {}

    record Denied(String reason) implements PermitResult {}

    /** Until the plugin allows or rejects it by {@link WaitingPods}; rejected when the time is over. */
    record Wait(Duration timeout) implements PermitResult {}
}
