package io.jollyboat.kubelet.status;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * What a status shows beside the pod and the runtime.
 *
 * @param nodeIp the host's address
 * @param runtimeName prefix of container ids, such as {@code containerd}
 * @param waiting why containers do not start, by name
 * @param started ids of running containers past their start-up probe
 * @param hooking ids of running containers whose postStart hook is not done
 * @param ready ids of running containers that pass their readiness probe
 * @param ended nothing of the pod runs any more, and nothing will
 * @param failure overrides phase, reason and message; null for none
 */
public record StatusInputs(
        Instant now,
        String nodeIp,
        String runtimeName,
        Map<String, Waiting> waiting,
        Set<String> started,
        Set<String> hooking,
        Set<String> ready,
        boolean ended,
        Failure failure) {
    /** The kubelet failed the pod: evicted, past its deadline, not admitted. */
    public record Failure(String reason, String message) {}
}
