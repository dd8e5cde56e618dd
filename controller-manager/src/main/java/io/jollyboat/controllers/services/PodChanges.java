package io.jollyboat.controllers.services;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.controller.Enqueuer;
import io.jollyboat.controllers.objects.Pods;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.informer.Informer;
import java.util.Map;

/** Wakes the Services that a change of a pod concerns: those that select it, before or after. */
public final class PodChanges implements Informer.ChangeHandler<Pod> {
    private final Informer<Service> services;
    private final Enqueuer queue;

    public PodChanges(Informer<Service> services, Enqueuer queue) {
        this.services = services;
        this.queue = queue;
    }

    @Override
    public void onChange(Pod before, Pod after) {
        if (before != null && after != null && !concerns(before, after)) {
            return;
        }
        if (after != null) {
            wake(after);
        }
        if (before != null
                && (after == null
                        || !before.getMetadata()
                                .getLabelsMap()
                                .equals(after.getMetadata().getLabelsMap()))) {
            wake(before);
        }
    }

    /** Most changes of a pod's status are none of its Services' business. */
    static boolean concerns(Pod before, Pod after) {
        return before.getMetadata().hasDeletionTimestamp()
                        != after.getMetadata().hasDeletionTimestamp()
                || Pods.isReady(before) != Pods.isReady(after)
                || Pods.isTerminal(before) != Pods.isTerminal(after)
                || !ServicePods.ips(before).equals(ServicePods.ips(after))
                || !before.getSpec().getHostname().equals(after.getSpec().getHostname())
                || !before.getSpec().getSubdomain().equals(after.getSpec().getSubdomain())
                || !before.getMetadata()
                        .getLabelsMap()
                        .equals(after.getMetadata().getLabelsMap());
    }

    private void wake(Pod pod) {
        Map<String, String> labels = pod.getMetadata().getLabelsMap();
        for (Service service : services.list(pod.getMetadata().getNamespace())) {
            if (service.getSpec().getSelectorCount() > 0
                    && labels.entrySet()
                            .containsAll(service.getSpec().getSelectorMap().entrySet())) {
                queue.add(Types.SERVICES.key(service));
            }
        }
    }
}
