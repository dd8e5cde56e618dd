package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.scheduler.framework.ClusterEvent;
import io.jollyboat.scheduler.framework.ClusterSnapshot;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.FilterResult;
import io.jollyboat.scheduler.framework.PodInfo;
import io.jollyboat.scheduler.framework.PreFilterPlugin;
import io.jollyboat.scheduler.framework.PreFilterResult;
import java.util.Optional;

/**
 * Refuses pods with rules that this scheduler cannot keep yet: placed regardless, they would break them in silence. Each
 * rule leaves here when its plugin comes.
 */
final class UnsupportedRulesPlugin implements PreFilterPlugin {
    @Override
    public String name() {
        return "UnsupportedRules";
    }

    @Override
    public PreFilterResult preFilter(CycleState state, PodInfo pod, ClusterSnapshot snapshot) {
        return unsupported(pod.pod().getSpec())
                .<PreFilterResult>map(rule -> new PreFilterResult.Rejected(
                        FilterResult.unresolvable("this scheduler does not support " + rule + " yet")))
                .orElse(PreFilterResult.SKIP);
    }

    private static Optional<String> unsupported(PodSpec spec) {
        if (spec.getResourceClaimsCount() > 0) {
            return Optional.of("resource claims");
        }
        if (spec.getVolumesList().stream()
                .anyMatch(v -> v.getVolumeSource().hasPersistentVolumeClaim()
                        || v.getVolumeSource().hasEphemeral())) {
            return Optional.of("persistent volume claims");
        }
        return Optional.empty();
    }

    @Override
    public Hint hint(ClusterEvent event, PodInfo pod) {
        return Hint.queueIf(event instanceof ClusterEvent.WaitingPodUpdated);
    }
}
