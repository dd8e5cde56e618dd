package io.jollyboat.kubelet.testing;

import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Event;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.client.Selection;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.kubelet.Kubelet;
import io.jollyboat.kubelet.KubeletConfig;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A kubelet over an API in memory and whatever runtime. */
public final class TestNode implements AutoCloseable {
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);
    private static final ResourceType<Event> EVENTS = Kinds.of(Event.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final MemoryApi api;
    private final KubeletConfig config;
    private final ContainerRuntime cri;
    private SharedInformers informers;
    private Kubelet kubelet;

    public TestNode(MemoryApi api, KubeletConfig config, ContainerRuntime cri) {
        this.api = api;
        this.config = config;
        this.cri = cri;
    }

    public static KubeletConfig config(Path folder, KubeletConfig.RuntimeKind kind, String cgroupRoot) {
        KubeletConfig d = KubeletConfig.defaults();
        return new KubeletConfig(
                "node-a",
                "10.90.0.2",
                null,
                kind,
                "",
                folder.resolve("kubelet"),
                folder.resolve("logs"),
                List.of("10.96.0.10"),
                "cluster.local",
                d.resolvConf(),
                d.cniConfDir(),
                10250,
                d.certFile(),
                d.keyFile(),
                d.clientCaFile(),
                d.clientNames(),
                cgroupRoot,
                110,
                d.parallelImagePulls(),
                d.capacity(),
                d.reserved(),
                d.nodeLabels(),
                d.minFreeMemory(),
                0,
                d.leaseRenewal(),
                d.statusInterval(),
                d.containerLogMaxSize(),
                d.containerLogMaxFiles());
    }

    public TestNode start() throws java.io.IOException {
        Runtime runtime = SystemRuntime.instance();
        informers = new SharedInformers(api, runtime);
        kubelet = new Kubelet(config, api, informers, cri, runtime, new io.jollyboat.metrics.Metrics());
        informers.start();
        kubelet.start();
        return this;
    }

    /** Ends the kubelet, not its pods. */
    @Override
    public void close() {
        kubelet.close();
        informers.close();
    }

    public Kubelet kubelet() {
        return kubelet;
    }

    public Pod create(String name, UnaryOperator<PodSpec.Builder> spec) {
        return api.create(PODS, Pods.pod(name, spec));
    }

    /** Changes the pod's spec, whoever else writes the pod meanwhile. */
    public void update(String name, UnaryOperator<PodSpec.Builder> change) {
        while (true) {
            Pod pod = get(name);
            try {
                var _ = api.update(
                        PODS,
                        pod.toBuilder()
                                .setSpec(change.apply(pod.getSpec().toBuilder()))
                                .build());
                return;
            } catch (ApiException e) {
                if (!e.isConflict()) {
                    throw e;
                }
            }
        }
    }

    public Pod get(String name) {
        return api.get(PODS, ObjectKey.of("default", name));
    }

    /** Waits until the kubelet's caches have caught up with this object. */
    public <T extends com.google.protobuf.Message> void awaitSeen(ResourceType<T> type, ObjectKey key) {
        Awaitility.await().atMost(PATIENCE).until(() -> informers.of(type).get(key) != null);
    }

    public void delete(String name) {
        api.delete(PODS, ObjectKey.of("default", name), DeleteOptions.getDefaultInstance());
    }

    /** Deletes and waits until nothing is left in the API and the runtime. */
    public void remove(String name) {
        String uid = get(name).getMetadata().getUid();
        delete(name);
        Awaitility.await().atMost(PATIENCE).until(() -> gone(name));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> cri.listPodSandboxes(java.util.Map.of("io.kubernetes.pod.uid", uid))
                        .isEmpty());
    }

    public boolean gone(String name) {
        try {
            var _ = get(name);
            return false;
        } catch (ApiException e) {
            return e.isNotFound();
        }
    }

    /** The first state of the pod that meets the condition. */
    public Pod await(String name, Predicate<Pod> condition) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .failFast("pod is gone", () -> gone(name))
                .until(() -> get(name), condition);
    }

    public Pod awaitPhase(String name, String phase) {
        return await(name, p -> p.getStatus().getPhase().equals(phase));
    }

    public Pod awaitReady(String name) {
        return await(name, p -> condition(p, "Ready").equals("True"));
    }

    public static String condition(Pod pod, String type) {
        return pod.getStatus().getConditionsList().stream()
                .filter(c -> c.getType().equals(type))
                .map(c -> c.getStatus())
                .findFirst()
                .orElse("");
    }

    public static ContainerStatus container(Pod pod, String name) {
        return java.util.stream.Stream.concat(
                        pod.getStatus().getInitContainerStatusesList().stream(),
                        pod.getStatus().getContainerStatusesList().stream())
                .filter(c -> c.getName().equals(name))
                .findFirst()
                .orElse(ContainerStatus.getDefaultInstance());
    }

    /** Reasons and messages of the pod's events, as they are now. */
    public List<String> events(String pod) {
        return api.list(EVENTS, "default", Selection.ALL).items().stream()
                .filter(e -> e.getInvolvedObject().getName().equals(pod))
                .map(e -> e.getReason() + ": " + e.getMessage())
                .toList();
    }

    public void awaitEvent(String pod, String text) {
        Awaitility.await("event " + text + " of " + pod)
                .atMost(PATIENCE)
                .until(() -> events(pod).stream().anyMatch(e -> e.contains(text)));
    }
}
