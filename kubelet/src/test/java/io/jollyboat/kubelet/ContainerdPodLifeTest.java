package io.jollyboat.kubelet;

import io.jollyboat.kubelet.cri.GrpcContainerRuntime;
import io.jollyboat.kubelet.testing.ContainerdHost;
import io.jollyboat.kubelet.testing.MemoryApi;
import io.jollyboat.kubelet.testing.TestNode;
import io.jollyboat.runtime.SystemRuntime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same on containerd; skipped, saying why, where none can be run. */
class ContainerdPodLifeTest extends PodLifeContract {
    private static ContainerdHost host;
    private static GrpcContainerRuntime cri;
    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        host = ContainerdHost.start();
        cri = host.runtime(SystemRuntime.instance());
        node = new TestNode(
                        new MemoryApi(SystemRuntime.instance()),
                        TestNode.config(host.folder(), KubeletConfig.RuntimeKind.CRI, host.cgroupRoot()),
                        cri)
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (host != null) {
            node.close();
            cri.close();
            host.close();
        }
    }

    @Override
    TestNode node() {
        return node;
    }

    @Override
    String image() {
        return ContainerdHost.BUSYBOX;
    }
}
