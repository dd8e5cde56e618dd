package io.jollyboat.kubelet.cri;

import io.jollyboat.cri.v1.ImageSpec;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.runtime.SystemRuntime;
import java.util.concurrent.atomic.AtomicInteger;

class SimulatedRuntimeTest extends ContainerRuntimeContract {
    private final AtomicInteger last = new AtomicInteger(1);
    private final SimulatedRuntime cri =
            new SimulatedRuntime(SystemRuntime.instance(), () -> "10.0.0." + last.incrementAndGet(), image -> true);

    SimulatedRuntimeTest() {
        cri.pullImage(ImageSpec.newBuilder().setImage(image()).build(), null, PodSandboxConfig.getDefaultInstance());
    }

    @Override
    ContainerRuntime cri() {
        return cri;
    }

    @Override
    String image() {
        return "registry.test/busybox:1";
    }

    @Override
    String logFolder() {
        return "/nowhere";
    }
}
