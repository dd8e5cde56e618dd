package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.quota.PodQos;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The rules of giving a running pod more or less CPU and memory. */
final class PodResizeRules {
    private static final String SPEC = "spec";
    private static final String MUTABLE = "only cpu and memory resources are mutable";
    private static final Set<String> RESIZABLE = Set.of("cpu", "memory");

    private PodResizeRules() {}

    static void update(Errors errors, Pod pod, Pod old) {
        if (old.getMetadata().containsAnnotations(EphemeralContainerRules.MIRROR)) {
            errors.onlyForbidden("", "static pods cannot be resized");
            return;
        }
        if (old.getSpec().getOs().getName().equals("windows")) {
            errors.onlyForbidden("", "windows pods cannot be resized");
            return;
        }
        PodRules.whole(errors, pod, old);
        if (!qos(old).equals(PodQos.of(pod.getSpec()))) {
            errors.invalid(SPEC, pod.getStatus().getQosClass(), "Pod QOS Class may not change as a result of resizing");
        }
        if (!nodeCanResize(old)) {
            errors.forbidden(SPEC, "Pod running on node without support for resize");
        }
        PodSpec.Builder rest = pod.getSpec().toBuilder();
        podLevel(errors, rest, pod.getSpec(), old.getSpec());
        if (old.getStatus().getNodeAllocatableResourceClaimStatusesCount() > 0) {
            errors.forbidden(SPEC, "pods with node allocatable resource claims cannot be resized");
        }
        if (!sameOrder(errors, pod.getSpec(), old.getSpec())) {
            return;
        }
        containers(errors, rest, pod.getSpec(), old.getSpec());
        if (errors.found().isEmpty() && !rest.build().equals(old.getSpec())) {
            errors.forbidden(SPEC, MUTABLE);
        }
    }

    private static String qos(Pod pod) {
        String known = pod.getStatus().getQosClass();
        return known.isEmpty() ? PodQos.of(pod.getSpec()) : known;
    }

    /** A kubelet that resizes says what each running container has. */
    private static boolean nodeCanResize(Pod pod) {
        return pod.getStatus().getContainerStatusesList().stream()
                .filter(status -> status.getState().hasRunning())
                .findFirst()
                .map(ContainerStatus::hasResources)
                .orElse(true);
    }

    private static boolean any(PodSpec spec) {
        return spec.getResources().getRequestsCount() + spec.getResources().getLimitsCount() > 0;
    }

    private static void podLevel(Errors errors, PodSpec.Builder rest, PodSpec now, PodSpec old) {
        if (!any(now) && !any(old)) {
            return;
        }
        if (old.hasResources() && !now.hasResources()) {
            errors.forbidden(SPEC + ".resources", "pod-level resources cannot be removed");
            return;
        }
        if (old.hasResources()) {
            removed(errors, now.getResources(), old.getResources(), SPEC + ".resources", "pod-level resource ");
        }
        ResourceRequirements kept = restored(now.getResources(), old.getResources(), true);
        boolean nothing = kept.equals(ResourceRequirements.getDefaultInstance());
        if (!kept.equals(old.getResources())) {
            errors.forbidden(SPEC, "only cpu and memory resources are mutable at pod-level");
        } else if (nothing && !old.hasResources()) {
            rest.clearResources();
        } else {
            rest.setResources(kept);
        }
    }

    private static boolean sameOrder(Errors errors, PodSpec now, PodSpec old) {
        boolean containers = sameOrder(errors, now.getContainersList(), old.getContainersList(), "containers");
        boolean inits = sameOrder(errors, now.getInitContainersList(), old.getInitContainersList(), "initContainers");
        return containers && inits;
    }

    private static boolean sameOrder(Errors errors, List<Container> now, List<Container> old, String what) {
        String path = SPEC + "." + what;
        if (now.size() != old.size()) {
            errors.forbidden(path, what + " may not be added or removed on resize");
            return false;
        }
        boolean same = true;
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).getName().equals(old.get(i).getName())) {
                errors.forbidden(path + "[" + i + "].name", what + " may not be renamed or reordered on resize");
                same = false;
            }
        }
        return same;
    }

    private static void containers(Errors errors, PodSpec.Builder rest, PodSpec now, PodSpec old) {
        for (int i = 0; i < old.getInitContainersCount(); i++) {
            if (restarts(old.getInitContainers(i))) {
                removed(
                        errors,
                        now.getInitContainers(i).getResources(),
                        old.getInitContainers(i).getResources(),
                        SPEC + ".initContainers[" + i + "].resources",
                        "resource ");
            }
        }
        List<Container> left = new ArrayList<>();
        for (int i = 0; i < old.getContainersCount(); i++) {
            removed(
                    errors,
                    now.getContainers(i).getResources(),
                    old.getContainers(i).getResources(),
                    SPEC + ".containers[" + i + "].resources",
                    "resource ");
            left.add(restored(now.getContainers(i), old.getContainers(i)));
        }
        for (int i = 0; i < left.size(); i++) {
            if (!left.get(i).equals(old.getContainers(i))) {
                errors.forbidden(SPEC, MUTABLE);
            }
            rest.setContainers(i, left.get(i));
        }
        for (int i = 0; i < old.getInitContainersCount(); i++) {
            Container before = old.getInitContainers(i);
            Container wanted = now.getInitContainers(i);
            Container kept = restarts(wanted) ? restored(wanted, before) : wanted;
            if (!kept.equals(before)) {
                errors.forbidden(
                        restarts(wanted) ? SPEC + ".initContainers[" + i + "]" : SPEC,
                        restarts(wanted)
                                ? "only cpu and memory resources for init or sidecar containers are mutable"
                                : "resources for non-sidecar init containers are immutable");
            }
            rest.setInitContainers(i, kept);
        }
    }

    private static boolean restarts(Container init) {
        return init.getRestartPolicy().equals("Always");
    }

    private static void removed(
            Errors errors, ResourceRequirements now, ResourceRequirements old, String path, String what) {
        if (!now.getRequestsMap().keySet().containsAll(old.getRequestsMap().keySet())) {
            errors.forbidden(path + ".requests", what + "requests cannot be removed");
        }
        if (!now.getLimitsMap().keySet().containsAll(old.getLimitsMap().keySet())) {
            errors.forbidden(path + ".limits", what + "limits cannot be removed");
        }
    }

    /** The container with the CPU and memory that it had; upstream leaves out claims on both sides. */
    private static Container restored(Container now, Container old) {
        if (now.getResources().equals(old.getResources())) {
            return now;
        }
        return now.toBuilder()
                .setResources(restored(now.getResources(), old.getResources(), false))
                .build();
    }

    private static ResourceRequirements restored(ResourceRequirements now, ResourceRequirements old, boolean claims) {
        ResourceRequirements.Builder kept = ResourceRequirements.newBuilder();
        kept.putAllLimits(now.getLimitsMap()).putAllRequests(now.getRequestsMap());
        for (String name : RESIZABLE) {
            kept.removeLimits(name).removeRequests(name);
            if (old.containsLimits(name)) {
                kept.putLimits(name, old.getLimitsOrThrow(name));
            }
            if (old.containsRequests(name)) {
                kept.putRequests(name, old.getRequestsOrThrow(name));
            }
        }
        return claims ? kept.addAllClaims(now.getClaimsList()).build() : kept.build();
    }
}
