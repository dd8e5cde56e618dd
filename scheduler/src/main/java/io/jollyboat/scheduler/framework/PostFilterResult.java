package io.jollyboat.scheduler.framework;

/** What was done for a pod that fits nowhere. */
public sealed interface PostFilterResult {
    /** Room is being made on the node. */
    record Nominated(String nodeName) implements PostFilterResult {}

    /** @param message ends the text that the pod's user reads */
    record NotHelped(String message) implements PostFilterResult {}
}
