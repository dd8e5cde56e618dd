package io.jollyboat.kubelet.cri;

import io.jollyboat.cri.v1.ImageSpec;
import io.jollyboat.cri.v1.PodSandboxConfig;
import io.jollyboat.runtime.SystemRuntime;

class SimulatedRuntimeTest extends ContainerRuntimeContract {
    private final SimulatedRuntime cri = new SimulatedRuntime(SystemRuntime.instance(), image -> true);

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
