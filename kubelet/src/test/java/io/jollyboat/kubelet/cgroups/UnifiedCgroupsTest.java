package io.jollyboat.kubelet.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.runtime.SystemRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written where on cgroup v2: on a tree of plain files, since machines with v1 have no other. */
final class UnifiedCgroupsTest {
    @TempDir
    Path mount;

    private HostCgroups cgroups;

    @BeforeEach
    void prepare() throws IOException {
        for (String group : List.of("", "node", "node/kubepods", "node/kubepods/burstable")) {
            group(group);
        }
        group("node/kubepods/besteffort");
        cgroups = new HostCgroups(mount, "/node", SystemRuntime.instance());
    }

    /** The kernel fills a new folder with its files; a plain one must have them before. */
    private void group(String path) throws IOException {
        Path folder = Files.createDirectories(mount.resolve(path));
        Files.writeString(folder.resolve("cgroup.controllers"), "cpu memory rdma\n");
        Files.writeString(folder.resolve("cgroup.subtree_control"), "cpu\n");
    }

    private String read(String file) throws IOException {
        return Files.readString(mount.resolve(file)).strip();
    }

    private static Pod pod(Consumer<ResourceRequirements.Builder> resources) {
        ResourceRequirements.Builder builder = ResourceRequirements.newBuilder();
        resources.accept(builder);
        return Pods.pod(
                "p",
                s -> s.addContainers(Pods.container("c", "image", List.of()).setResources(builder)));
    }

    private static Quantity quantity(String text) {
        return Quantity.newBuilder().setString(text).build();
    }

    @Test
    void theSharedGroupsHaveWeightsAndPassControllersOn() throws IOException {
        assertThat(cgroups.unified()).isTrue();
        cgroups.start(2);
        // 2048 shares, and the least there are
        assertThat(read("node/kubepods/cpu.weight")).isEqualTo("79");
        assertThat(read("node/kubepods/besteffort/cpu.weight")).isEqualTo("1");
        for (String folder : List.of("", "node/", "node/kubepods/")) {
            assertThat(read(folder + "cgroup.subtree_control")).isEqualTo("+memory");
        }
        assertThat(read("node/kubepods/burstable/cgroup.subtree_control")).isEqualTo("cpu");
    }

    @Test
    void aPodHasItsLimits() throws IOException {
        String path = cgroups.create(pod(r -> r.putRequests("cpu", quantity("250m"))
                .putLimits("cpu", quantity("500m"))
                .putLimits("memory", quantity("64Mi"))));
        assertThat(path).isEqualTo("/node/kubepods/burstable/poduid-p");
        String folder = path.substring(1) + "/";
        assertThat(read(folder + "cpu.weight")).isEqualTo("10");
        assertThat(read(folder + "cpu.max")).isEqualTo("50000 100000");
        assertThat(read(folder + "memory.max")).isEqualTo("67108864");
        assertThat(read("node/kubepods/burstable/cgroup.subtree_control")).isEqualTo("+memory");
        assertThat(cgroups.podUids()).containsExactly("uid-p");
    }

    @Test
    void aPodWithoutLimitsHasNone() throws IOException {
        String folder = cgroups.create(pod(r -> {})).substring(1) + "/";
        assertThat(folder).isEqualTo("node/kubepods/besteffort/poduid-p/");
        assertThat(read(folder + "cpu.weight")).isEqualTo("1");
        assertThat(mount.resolve(folder + "cpu.max")).doesNotExist();
        assertThat(mount.resolve(folder + "memory.max")).doesNotExist();
    }
}
