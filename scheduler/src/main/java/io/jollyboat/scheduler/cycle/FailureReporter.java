package io.jollyboat.scheduler.cycle;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodCondition;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.ApiClient.PatchKind;
import io.jollyboat.errors.ApiException;
import io.jollyboat.events.EventType;
import io.jollyboat.events.JsonText;
import io.jollyboat.events.References;
import io.jollyboat.events.SeriesEventRecorder;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.scheduler.framework.PodInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Tells a pod's user why it has no node: an event, and the pod's condition PodScheduled. */
final class FailureReporter {
    private static final Log LOG = Log.of(FailureReporter.class);
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);
    private static final String SCHEDULED = "PodScheduled";

    private final ApiClient client;
    private final SeriesEventRecorder events;
    private final ApiWrites writes;
    private final Runtime runtime;

    FailureReporter(ApiClient client, SeriesEventRecorder events, Runtime runtime) {
        this.client = client;
        this.events = events;
        this.writes = new ApiWrites(runtime);
        this.runtime = runtime;
    }

    /** @param reason {@code Unschedulable} or {@code SchedulerError} */
    void report(PodInfo pod, String reason, String message) {
        events.record(References.to(PODS, pod.pod()), EventType.WARNING, "FailedScheduling", "Scheduling", message);
        PodCondition present = pod.pod().getStatus().getConditionsList().stream()
                .filter(c -> c.getType().equals(SCHEDULED))
                .findFirst()
                .orElse(PodCondition.getDefaultInstance());
        if (present.getStatus().equals("False")
                && present.getReason().equals(reason)
                && present.getMessage().equals(message)) {
            return;
        }
        writes.submit("pod condition", pod.key(), () -> patch(pod, present, reason, message));
    }

    private void patch(PodInfo pod, PodCondition present, String reason, String message) {
        // The time of the last change of the status, not of the text.
        Instant changed = present.getStatus().equals("False")
                ? Instant.ofEpochSecond(present.getLastTransitionTime().getSeconds())
                : runtime.now().truncatedTo(ChronoUnit.SECONDS);
        long generation = pod.pod().getMetadata().getGeneration();
        String patch = "{\"metadata\":{\"uid\":" + JsonText.quote(pod.uid())
                + "},\"status\":{\"conditions\":[{\"type\":\""
                + SCHEDULED + "\",\"status\":\"False\",\"lastProbeTime\":null,\"lastTransitionTime\":\"" + changed
                + "\",\"reason\":" + JsonText.quote(reason) + ",\"message\":" + JsonText.quote(message)
                + (generation > 0 ? ",\"observedGeneration\":" + generation : "") + "}]}}";
        try {
            client.patch(PODS, pod.key(), "status", PatchKind.STRATEGIC_MERGE, patch);
        } catch (ApiException e) {
            // A pod that is gone needs no condition; anything else is said again with the next attempt.
            LOG.debug("condition not written", "key", pod.key(), "error", e.getMessage());
        }
    }
}
