package io.jollyboat.kubelet.testing;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.util.List;
import java.util.function.UnaryOperator;

/** Pods for tests, as the API server would hand them out. */
public final class Pods {
    /** Ends at once when it is told to. */
    public static final List<String> SERVE = List.of("sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.05; done");

    private Pods() {}

    public static Pod pod(String name, UnaryOperator<PodSpec.Builder> change) {
        PodSpec.Builder spec = PodSpec.newBuilder()
                .setRestartPolicy("Always")
                .setTerminationGracePeriodSeconds(30)
                .setDnsPolicy("ClusterFirst")
                .setServiceAccountName("default")
                .setEnableServiceLinks(true)
                .setNodeName("node-a");
        return Pod.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setName(name)
                        .setNamespace("default")
                        .setGeneration(1)
                        .setUid("uid-" + name))
                .setSpec(change.apply(spec))
                .build();
    }

    public static Container.Builder container(String name, String image, List<String> command) {
        return Container.newBuilder()
                .setName(name)
                .setImage(image)
                .setImagePullPolicy("IfNotPresent")
                .setTerminationMessagePath("/dev/termination-log")
                .setTerminationMessagePolicy("File")
                .addAllCommand(command);
    }
}
