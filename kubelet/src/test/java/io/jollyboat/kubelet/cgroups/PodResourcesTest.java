package io.jollyboat.kubelet.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.cri.v1.LinuxContainerResources;
import io.jollyboat.kubelet.testing.Pods;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against numbers that upstream's formulas give. */
class PodResourcesTest {
    private static final long MEMORY = 8L << 30;

    /** Empty strings ask for nothing. */
    private static Container container(String cpu, String memory, String cpuLimit, String memoryLimit) {
        ResourceRequirements.Builder resources = ResourceRequirements.newBuilder();
        put(resources, false, "cpu", cpu);
        put(resources, false, "memory", memory);
        put(resources, true, "cpu", cpuLimit);
        put(resources, true, "memory", memoryLimit);
        return Pods.container("c", "i", List.of()).setResources(resources).build();
    }

    private static void put(ResourceRequirements.Builder resources, boolean limit, String name, String value) {
        if (!value.isEmpty()) {
            Quantity quantity = Quantity.newBuilder().setString(value).build();
            if (limit) {
                resources.putLimits(name, quantity);
            } else {
                resources.putRequests(name, quantity);
            }
        }
    }

    private static Pod pod(Container... containers) {
        return Pods.pod("p", s -> s.addAllContainers(List.of(containers)));
    }

    @ParameterizedTest
    @CsvSource({
        // cpu, memory, their limits: shares, quota, memory limit, OOM score
        "'', '', '', '', 2, 0, 0, 1000",
        "100m, '', '', '', 102, 0, 0, 999",
        "'', '', 500m, '', 512, 50000, 0, 999",
        "'', '', 1m, '', 2, 1000, 0, 999",
        "250m, 4Gi, 1, 8Gi, 256, 100000, 8589934592, 500",
        "1, 1Mi, '', '', 1024, 0, 0, 999",
        "1, 8Gi, '', '', 1024, 0, 0, 3",
        "2, 1Gi, 2, 1Gi, 2048, 200000, 1073741824, -997",
        "'', '', 2, 1Gi, 2048, 200000, 1073741824, -997",
        "1000, '', '', '', 262144, 0, 0, 999"
    })
    void ofAContainer(
            String cpu,
            String memory,
            String cpuLimit,
            String memoryLimit,
            long shares,
            long quota,
            long bytes,
            long oomScore) {
        Container container = container(cpu, memory, cpuLimit, memoryLimit);
        LinuxContainerResources resources = PodResources.of(pod(container), container, MEMORY);
        assertThat(resources.getCpuShares()).isEqualTo(shares);
        assertThat(resources.getCpuQuota()).isEqualTo(quota);
        assertThat(resources.getMemoryLimitInBytes()).isEqualTo(bytes);
        assertThat(resources.getOomScoreAdj()).isEqualTo(oomScore);
    }

    @Test
    void aPodHasALimitWhereAllItsContainersHaveOne() {
        Container limited = container("100m", "32Mi", "500m", "64Mi");
        LinuxContainerResources both = PodResources.of(pod(limited, limited));
        assertThat(both.getCpuShares()).isEqualTo(204);
        assertThat(both.getCpuQuota()).isEqualTo(100_000);
        assertThat(both.getMemoryLimitInBytes()).isEqualTo(128L << 20);
        LinuxContainerResources one = PodResources.of(pod(limited, container("", "", "", "64Mi")));
        assertThat(one.getCpuQuota()).isZero();
        assertThat(one.getMemoryLimitInBytes()).isEqualTo(128L << 20);
    }

    @Test
    void initContainersRunBeforeAndSidecarsBeside() {
        Container small = container("100m", "", "", "");
        Container large = container("900m", "", "", "");
        Container sidecar = container("300m", "", "", "").toBuilder()
                .setRestartPolicy("Always")
                .build();
        Pod peak = Pods.pod(
                "p", s -> s.addInitContainers(sidecar).addInitContainers(large).addContainers(small));
        assertThat(PodResources.of(peak).getCpuShares()).isEqualTo(1200 * 1024 / 1000);
        Pod running = Pods.pod(
                "p", s -> s.addInitContainers(small).addInitContainers(sidecar).addContainers(large));
        assertThat(PodResources.of(running).getCpuShares()).isEqualTo(1200 * 1024 / 1000);
    }
}
