package io.jollyboat.apiserver.request;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/** What of a pod its subresources change; the rest of a body says nothing. */
final class PodSubresources {
    private PodSubresources() {}

    static Pod ephemeralContainers(Pod wanted, Pod present) {
        PodSpec spec = present.getSpec().toBuilder()
                .clearEphemeralContainers()
                .addAllEphemeralContainers(wanted.getSpec().getEphemeralContainersList())
                .build();
        return changed(wanted, present, spec);
    }

    /** Resources of containers and of the pod, and how they may change; other containers are left to the rules. */
    static Pod resize(Pod wanted, Pod present) {
        PodSpec before = present.getSpec();
        PodSpec now = wanted.getSpec();
        if (now.getContainersCount() != before.getContainersCount()
                || now.getInitContainersCount() != before.getInitContainersCount()) {
            return changed(wanted, present, now);
        }
        PodSpec.Builder spec = before.toBuilder()
                .clearContainers()
                .addAllContainers(resized(now.getContainersList(), before.getContainersList()))
                .clearInitContainers()
                .addAllInitContainers(resized(now.getInitContainersList(), before.getInitContainersList()))
                .clearResources();
        if (now.hasResources()) {
            spec.setResources(now.getResources());
        }
        return changed(wanted, present, spec.build());
    }

    private static List<Container> resized(List<Container> now, List<Container> before) {
        List<Container> resized = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            Container wanted = now.get(i);
            if (!wanted.getName().equals(before.get(i).getName())) {
                return now;
            }
            Container.Builder container = before.get(i).toBuilder()
                    .clearResources()
                    .clearResizePolicy()
                    .addAllResizePolicy(wanted.getResizePolicyList());
            if (wanted.hasResources()) {
                container.setResources(wanted.getResources());
            }
            resized.add(container.build());
        }
        return resized;
    }

    private static Pod changed(Pod wanted, Pod present, PodSpec spec) {
        ObjectMeta meta = present.getMetadata().toBuilder()
                .setResourceVersion(wanted.getMetadata().getResourceVersion())
                .clearManagedFields()
                .addAllManagedFields(wanted.getMetadata().getManagedFieldsList())
                .build();
        return present.toBuilder().setMetadata(meta).setSpec(spec).build();
    }
}
