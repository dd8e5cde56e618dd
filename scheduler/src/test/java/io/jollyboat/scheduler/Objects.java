package io.jollyboat.scheduler;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Taint;
import io.jollyboat.api.core.v1.Toleration;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.quantity.Quantity;

/** Nodes and pods for tests. */
public final class Objects {
    private Objects() {}

    public static Quantity quantity(String text) {
        return Quantity.newBuilder().setString(text).build();
    }

    /** With four CPUs and 8 GiB. */
    public static Node node(String name) {
        return node(name, "4", "8Gi");
    }

    public static Node node(String name, String cpu, String memory) {
        return Node.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName(name).putLabels("kubernetes.io/hostname", name))
                .setStatus(NodeStatus.newBuilder()
                        .putAllocatable("cpu", quantity(cpu))
                        .putAllocatable("memory", quantity(memory))
                        .putAllocatable("ephemeral-storage", quantity("100Gi"))
                        .putAllocatable("pods", quantity("110")))
                .build();
    }

    public static Node tainted(Node node, String key, String effect) {
        Node.Builder builder = node.toBuilder();
        builder.getSpecBuilder().addTaints(Taint.newBuilder().setKey(key).setEffect(effect));
        return builder.build();
    }

    public static Node labelled(Node node, String key, String value) {
        Node.Builder builder = node.toBuilder();
        builder.getMetadataBuilder().putLabels(key, value);
        return builder.build();
    }

    public static Node cordoned(Node node) {
        Node.Builder builder = node.toBuilder();
        builder.getSpecBuilder().setUnschedulable(true);
        return builder.build();
    }

    public static Pod pod(String name) {
        return pod(name, "100m", "100Mi");
    }

    /** Empty for what is not asked for. */
    public static Pod pod(String name, String cpu, String memory) {
        Pod.Builder pod = Pod.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("default")
                        .setName(name)
                        .setUid("uid-" + name));
        pod.getSpecBuilder().setSchedulerName("default-scheduler").addContainers(container(cpu, memory));
        return pod.build();
    }

    public static Container container(String cpu, String memory) {
        Container.Builder container = Container.newBuilder().setName("c").setImage("web");
        if (!cpu.isEmpty()) {
            container.getResourcesBuilder().putRequests("cpu", quantity(cpu));
        }
        if (!memory.isEmpty()) {
            container.getResourcesBuilder().putRequests("memory", quantity(memory));
        }
        return container.build();
    }

    public static Pod tolerating(Pod pod, String key, String operator, String effect) {
        Pod.Builder builder = pod.toBuilder();
        builder.getSpecBuilder()
                .addTolerations(Toleration.newBuilder()
                        .setKey(key)
                        .setOperator(operator)
                        .setEffect(effect));
        return builder.build();
    }

    public static Pod withHostPort(Pod pod, String ip, int port, String protocol) {
        Pod.Builder builder = pod.toBuilder();
        builder.getSpecBuilder()
                .getContainersBuilder(0)
                .addPorts(ContainerPort.newBuilder()
                        .setHostIP(ip)
                        .setHostPort(port)
                        .setProtocol(protocol));
        return builder.build();
    }

    public static Pod onNode(Pod pod, String node) {
        Pod.Builder builder = pod.toBuilder();
        builder.getSpecBuilder().setNodeName(node);
        return builder.build();
    }

    public static Pod withPriority(Pod pod, int priority) {
        Pod.Builder builder = pod.toBuilder();
        builder.getSpecBuilder().setPriority(priority);
        return builder.build();
    }
}
