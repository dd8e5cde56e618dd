package io.jollyboat.kubelet.pod;

import io.jollyboat.kubelet.model.ObservedContainer;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What a plan depends on beside the pod and the runtime.
 *
 * @param ending the pod has to end: deleted, evicted, past its deadline
 * @param killing ids of containers whose kill is under way
 * @param livenessFailed ids of containers to be killed for it
 * @param startupFailed ids of containers to be killed for it
 * @param started ids of running containers past their start-up probe and their postStart hook
 * @param hooking ids of containers whose postStart hook runs: what comes after them waits
 * @param backOff the whole delay that a container in this state has to wait after its end; zero for none
 */
public record Situation(
        Instant now,
        boolean ending,
        Set<String> killing,
        Set<String> livenessFailed,
        Set<String> startupFailed,
        Set<String> started,
        Set<String> hooking,
        BiFunction<String, ObservedContainer, Duration> backOff) {}
