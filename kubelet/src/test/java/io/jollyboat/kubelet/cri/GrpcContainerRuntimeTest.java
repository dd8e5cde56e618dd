package io.jollyboat.kubelet.cri;

import io.jollyboat.kubelet.testing.ContainerdHost;
import io.jollyboat.runtime.SystemRuntime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same against containerd; skipped, saying why, where none can be run. */
class GrpcContainerRuntimeTest extends ContainerRuntimeContract {
    private static ContainerdHost host;
    private static GrpcContainerRuntime cri;

    @BeforeAll
    static void start() throws Exception {
        host = ContainerdHost.start();
        cri = host.runtime(SystemRuntime.instance());
    }

    @AfterAll
    static void stop() throws Exception {
        if (host != null) {
            cri.close();
            host.close();
        }
    }

    @Override
    ContainerRuntime cri() {
        return cri;
    }

    @Override
    String image() {
        return ContainerdHost.BUSYBOX;
    }

    @Override
    String logFolder() {
        return host.folder().resolve("logs").toString();
    }
}
