package io.jollyboat.kubelet.cgroups;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.cri.v1.LinuxContainerResources;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.kubelet.status.QosClasses;
import io.jollyboat.values.Quantities;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Requests and limits as the kernel's numbers, by upstream's formulas. Pure. */
public final class PodResources {
    private static final long MIN_SHARES = 2;
    private static final long MAX_SHARES = 262_144;
    private static final long SHARES_PER_CPU = 1024;
    private static final long PERIOD_MICROS = 100_000;
    private static final long MIN_QUOTA_MICROS = 1_000;
    private static final int GUARANTEED_OOM = -997;
    private static final int BEST_EFFORT_OOM = 1000;

    private PodResources() {}

    /** @param memoryCapacity of the node, in bytes */
    public static LinuxContainerResources of(Pod pod, Container container, long memoryCapacity) {
        Map<String, Quantity> limits = container.getResources().getLimitsMap();
        Map<String, Quantity> requests = container.getResources().getRequestsMap();
        LinuxContainerResources.Builder resources = LinuxContainerResources.newBuilder()
                .setCpuShares(shares(milli(requests.getOrDefault("cpu", limits.get("cpu")))))
                .setOomScoreAdj(oomScore(pod, container, memoryCapacity));
        if (limits.containsKey("cpu")) {
            resources.setCpuPeriod(PERIOD_MICROS).setCpuQuota(quota(milli(limits.get("cpu"))));
        }
        if (limits.containsKey("memory")) {
            resources.setMemoryLimitInBytes(Quantities.value(limits.get("memory")));
        }
        return resources.build();
    }

    /** Of the pod as a whole: a limit only where every container has one. */
    static LinuxContainerResources of(Pod pod) {
        LinuxContainerResources.Builder resources =
                LinuxContainerResources.newBuilder().setCpuShares(shares(total(pod, c -> milli(request(c, "cpu")))));
        if (allLimited(pod, "cpu")) {
            resources
                    .setCpuPeriod(PERIOD_MICROS)
                    .setCpuQuota(quota(total(
                            pod, c -> milli(c.getResources().getLimitsMap().get("cpu")))));
        }
        if (allLimited(pod, "memory")) {
            resources.setMemoryLimitInBytes(total(
                    pod, c -> Quantities.value(c.getResources().getLimitsMap().get("memory"))));
        }
        return resources.build();
    }

    private static Quantity request(Container container, String resource) {
        return container
                .getResources()
                .getRequestsMap()
                .getOrDefault(resource, container.getResources().getLimitsMap().get(resource));
    }

    private static boolean allLimited(Pod pod, String resource) {
        return Specs.containers(pod)
                .allMatch(c -> c.getResources().getLimitsMap().containsKey(resource)
                        && !Quantities.isZero(c.getResources().getLimitsMap().get(resource)));
    }

    /** Main containers and sidecars run together; each plain init container runs beside the sidecars before it. */
    private static long total(Pod pod, ToLongFunction<Container> value) {
        long sidecars = 0;
        long peak = 0;
        for (Container init : pod.getSpec().getInitContainersList()) {
            if (Specs.isSidecar(init)) {
                sidecars += value.applyAsLong(init);
            } else {
                peak = Math.max(peak, sidecars + value.applyAsLong(init));
            }
        }
        long mains = pod.getSpec().getContainersList().stream().mapToLong(value).sum();
        return Math.max(peak, sidecars + mains);
    }

    private static long milli(Quantity cpu) {
        return cpu == null ? 0 : Quantities.milliValue(cpu);
    }

    static long shares(long milliCpu) {
        return Math.clamp(milliCpu * SHARES_PER_CPU / 1000, MIN_SHARES, MAX_SHARES);
    }

    private static long quota(long milliCpu) {
        return milliCpu == 0 ? 0 : Math.max(MIN_QUOTA_MICROS, milliCpu * PERIOD_MICROS / 1000);
    }

    private static int oomScore(Pod pod, Container container, long memoryCapacity) {
        String qos = QosClasses.of(pod);
        if (pod.getSpec().getPriority() >= 2_000_000_000 || qos.equals(QosClasses.GUARANTEED)) {
            return GUARANTEED_OOM;
        }
        if (qos.equals(QosClasses.BEST_EFFORT)) {
            return BEST_EFFORT_OOM;
        }
        Quantity memory = request(container, "memory");
        long score = BEST_EFFORT_OOM
                - (memory == null || memoryCapacity == 0
                        ? 0
                        : BEST_EFFORT_OOM * Quantities.value(memory) / memoryCapacity);
        return Math.clamp(score, BEST_EFFORT_OOM + GUARANTEED_OOM, BEST_EFFORT_OOM - 1);
    }
}
