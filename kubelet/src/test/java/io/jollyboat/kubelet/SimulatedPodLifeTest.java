package io.jollyboat.kubelet;

import io.jollyboat.cri.v1.ImageSpec;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.kubelet.cri.SimulatedRuntime;
import io.jollyboat.kubelet.testing.MemoryApi;
import io.jollyboat.kubelet.testing.TestNode;
import io.jollyboat.runtime.SystemRuntime;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class SimulatedPodLifeTest extends PodLifeContract {
    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        SystemRuntime runtime = SystemRuntime.instance();
        SimulatedRuntime cri = new SimulatedRuntime(runtime, i -> !i.startsWith("127.0.0.1:1/"));
        cri.pullImage(ImageSpec.newBuilder().setImage(image()).build(), null, PodSandboxConfig.getDefaultInstance());
        node = new TestNode(
                        new MemoryApi(runtime),
                        TestNode.config(Path.of("/nowhere"), KubeletConfig.RuntimeKind.SIMULATED, "/"),
                        cri)
                .start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Override
    TestNode node() {
        return node;
    }

    @Override
    String image() {
        return "registry.test/busybox:1";
    }
}
