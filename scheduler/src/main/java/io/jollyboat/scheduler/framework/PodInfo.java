package io.jollyboat.scheduler.framework;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.scheduler.framework.HostPorts.HostPort;
import java.util.List;

/** A pod with what scheduling asks of it again and again, worked out once. Immutable. */
public final class PodInfo {
    private final Pod pod;
    private final ResourceVector requests;
    private final ResourceVector nonZeroRequests;
    private final List<HostPort> hostPorts;
    private final PodRules rules;
    // Only the waiting pods' is asked for.
    private PodClassKey classKey;
    private PodClassKey classKeyAmongRules;

    public PodInfo(Pod pod) {
        this.pod = pod;
        this.requests = PodRequests.of(pod);
        this.nonZeroRequests = PodRequests.nonZero(pod);
        this.hostPorts = HostPorts.of(pod);
        this.rules = PodRules.of(pod);
    }

    public Pod pod() {
        return pod;
    }

    public ObjectKey key() {
        return ObjectKey.of(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
    }

    public String uid() {
        return pod.getMetadata().getUid();
    }

    public int priority() {
        return pod.getSpec().getPriority();
    }

    public String nodeName() {
        return pod.getSpec().getNodeName();
    }

    public ResourceVector requests() {
        return requests;
    }

    public ResourceVector nonZeroRequests() {
        return nonZeroRequests;
    }

    public List<HostPort> hostPorts() {
        return hostPorts;
    }

    /** About other pods. */
    public PodRules rules() {
        return rules;
    }

    /**
     * Equal for pods that fit the same nodes equally well.
     *
     * @param amongRules some placed pods have rules about others
     */
    public PodClassKey classKey(boolean amongRules) {
        if (amongRules) {
            if (classKeyAmongRules == null) {
                classKeyAmongRules = PodClassKey.of(pod, true);
            }
            return classKeyAmongRules;
        }
        if (classKey == null) {
            classKey = PodClassKey.of(pod, false);
        }
        return classKey;
    }

    @Override
    public String toString() {
        return key().toString();
    }
}
