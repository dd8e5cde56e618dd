package io.jollyboat.kubelet;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.LocalObjectReference;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeMount;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.kubelet.cri.GrpcContainerRuntime;
import io.jollyboat.kubelet.testing.ContainerdHost;
import io.jollyboat.kubelet.testing.MemoryApi;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.kubelet.testing.TestNode;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A node on containerd for each test; skipped, saying why, where none can be run. */
abstract class ContainerdFixture {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static ContainerdHost host;
    static GrpcContainerRuntime cri;
    MemoryApi api;
    TestNode node;

    @BeforeAll
    static void startHost() throws Exception {
        host = ContainerdHost.start();
        cri = host.runtime(SystemRuntime.instance());
    }

    @AfterAll
    static void stopHost() throws Exception {
        if (host != null) {
            cri.close();
            host.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        api = new MemoryApi(SystemRuntime.instance());
        node = newNode().start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    TestNode newNode() {
        return new TestNode(api, TestNode.config(host.folder(), KubeletConfig.RuntimeKind.CRI, host.cgroupRoot()), cri);
    }

    static Container.Builder serving() {
        return Pods.container("c", ContainerdHost.BUSYBOX, Pods.SERVE);
    }

    static VolumeMount mount(String volume, String path) {
        return VolumeMount.newBuilder().setName(volume).setMountPath(path).build();
    }

    static Volume volume(String name, VolumeSource.Builder source) {
        return Volume.newBuilder().setName(name).setVolumeSource(source).build();
    }

    static ObjectMeta meta(String name) {
        return ObjectMeta.newBuilder().setNamespace("default").setName(name).build();
    }

    static LocalObjectReference named(String name) {
        return LocalObjectReference.newBuilder().setName(name).build();
    }

    static String run(Pod pod, String script) {
        String id = pod.getStatus().getContainerStatuses(0).getContainerID().substring("containerd://".length());
        var response = cri.execSync(id, List.of("sh", "-c", script), PATIENCE);
        return response.getStdout().concat(response.getStderr()).toStringUtf8().strip();
    }
}
