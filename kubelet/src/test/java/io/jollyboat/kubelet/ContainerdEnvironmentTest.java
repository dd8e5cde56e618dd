package io.jollyboat.kubelet;

import static io.jollyboat.kubelet.testing.TestNode.container;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.ConfigMapEnvSource;
import io.jollyboat.api.core.v1.ConfigMapKeySelector;
import io.jollyboat.api.core.v1.EnvFromSource;
import io.jollyboat.api.core.v1.EnvVar;
import io.jollyboat.api.core.v1.EnvVarSource;
import io.jollyboat.api.core.v1.HostAlias;
import io.jollyboat.api.core.v1.ObjectFieldSelector;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSecurityContext;
import io.jollyboat.api.core.v1.ResourceFieldSelector;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.core.v1.SecurityContext;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kubelet.testing.ContainerdHost;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.kubelet.testing.TestCgroups;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What containers on containerd find around them: variables, names, limits, the network, users. */
class ContainerdEnvironmentTest extends ContainerdFixture {
    @Test
    void environment() {
        api.create(
                Kinds.of(ConfigMap.class),
                ConfigMap.newBuilder()
                        .setMetadata(meta("env"))
                        .putData("KEY", "value")
                        .build());
        api.create(
                Kinds.of(Service.class),
                Service.newBuilder()
                        .setMetadata(meta("my-web"))
                        .setSpec(ServiceSpec.newBuilder()
                                .setClusterIP("10.96.0.20")
                                .addPorts(ServicePort.newBuilder().setPort(80).setProtocol("TCP")))
                        .build());
        node.awaitSeen(Kinds.of(Service.class), ObjectKey.of("default", "my-web"));
        node.create(
                "env",
                s -> s.addContainers(serving()
                        .setResources(ResourceRequirements.newBuilder()
                                .putLimits(
                                        "memory",
                                        Quantity.newBuilder().setString("64Mi").build()))
                        .addEnvFrom(EnvFromSource.newBuilder()
                                .setPrefix("P_")
                                .setConfigMapRef(ConfigMapEnvSource.newBuilder().setLocalObjectReference(named("env"))))
                        .addEnv(EnvVar.newBuilder().setName("A").setValue("[$(P_KEY)|$$(P_KEY)|$(NOPE)]"))
                        .addEnv(EnvVar.newBuilder()
                                .setName("POD_IP")
                                .setValueFrom(EnvVarSource.newBuilder()
                                        .setFieldRef(
                                                ObjectFieldSelector.newBuilder().setFieldPath("status.podIP"))))
                        .addEnv(EnvVar.newBuilder()
                                .setName("MEM")
                                .setValueFrom(EnvVarSource.newBuilder()
                                        .setResourceFieldRef(ResourceFieldSelector.newBuilder()
                                                .setResource("limits.memory"))))));
        Pod pod = node.awaitReady("env");
        assertThat(run(pod, "echo $A $POD_IP $MEM $MY_WEB_SERVICE_HOST $MY_WEB_PORT_80_TCP"))
                .isEqualTo("[value|$(P_KEY)|$(NOPE)] " + pod.getStatus().getPodIP()
                        + " 67108864 10.96.0.20 tcp://10.96.0.20:80");
        node.remove("env");
    }

    @Test
    void missingEnvironmentSourceIsTold() {
        node.create(
                "no-env",
                s -> s.addContainers(serving()
                        .addEnv(EnvVar.newBuilder()
                                .setName("A")
                                .setValueFrom(EnvVarSource.newBuilder()
                                        .setConfigMapKeyRef(ConfigMapKeySelector.newBuilder()
                                                .setLocalObjectReference(named("nope"))
                                                .setKey("k"))))));
        Pod pod = node.await(
                "no-env",
                p -> container(p, "c").getState().getWaiting().getReason().equals("CreateContainerConfigError"));
        assertThat(container(pod, "c").getState().getWaiting().getMessage()).isEqualTo("configmap \"nope\" not found");
        node.awaitEvent("no-env", "Failed: Error: configmap \"nope\" not found");
        node.remove("no-env");
    }

    @Test
    void namesInside() {
        node.create(
                "names",
                s -> s.setHostname("web")
                        .setSubdomain("sub")
                        .addHostAliases(HostAlias.newBuilder()
                                .setIp("1.2.3.4")
                                .addHostnames("foo")
                                .addHostnames("bar"))
                        .addContainers(serving()));
        Pod pod = node.awaitReady("names");
        assertThat(run(pod, "hostname; head -n3 /etc/resolv.conf"))
                .startsWith("web\n")
                .contains(
                        "search default.svc.cluster.local svc.cluster.local cluster.local",
                        "nameserver 10.96.0.10",
                        "options ndots:5");
        assertThat(run(pod, "cat /etc/hosts"))
                .contains("# Kubernetes-managed hosts file.")
                .contains(pod.getStatus().getPodIP() + "\tweb.sub.default.svc.cluster.local\tweb\n")
                .contains("# Entries added by HostAliases.\n1.2.3.4\tfoo\tbar");
        node.remove("names");
    }

    @Test
    void limitsAreEnforcedAndGroupsRemoved() throws Exception {
        node.create(
                "oom",
                s -> s.setRestartPolicy("Never")
                        .addContainers(Pods.container(
                                        "c",
                                        ContainerdHost.BUSYBOX,
                                        List.of("sh", "-c", "x=a; while :; do x=$x$x; done"))
                                .setResources(ResourceRequirements.newBuilder()
                                        .putLimits(
                                                "memory",
                                                Quantity.newBuilder()
                                                        .setString("20Mi")
                                                        .build())
                                        .putLimits(
                                                "cpu",
                                                Quantity.newBuilder()
                                                        .setString("500m")
                                                        .build()))));
        Pod pod = node.awaitPhase("oom", "Failed");
        assertThat(container(pod, "c").getState().getTerminated().getReason()).isEqualTo("OOMKilled");
        assertThat(container(pod, "c").getState().getTerminated().getExitCode()).isEqualTo(137);
        node.create(
                "limited",
                s -> s.addContainers(serving()
                        .setResources(ResourceRequirements.newBuilder()
                                .putRequests(
                                        "cpu",
                                        Quantity.newBuilder().setString("100m").build())
                                .putLimits(
                                        "memory",
                                        Quantity.newBuilder().setString("64Mi").build())
                                .putRequests(
                                        "memory",
                                        Quantity.newBuilder().setString("32Mi").build()))));
        Pod limited = node.awaitReady("limited");
        assertThat(limited.getStatus().getQosClass()).isEqualTo("Burstable");
        assertThat(TestCgroups.under(host.cgroupRoot()))
                .anySatisfy(p -> assertThat(p.toString()).endsWith("/kubepods/burstable/poduid-limited"));
        node.remove("limited");
        node.remove("oom");
        assertThat(TestCgroups.under(host.cgroupRoot()))
                .noneSatisfy(p -> assertThat(p.toString()).contains("poduid-limited"))
                .noneSatisfy(p -> assertThat(p.toString()).contains("poduid-oom"));
    }

    @Test
    void nonRootIsEnforced() {
        node.create(
                "non-root",
                s -> s.addContainers(serving()
                        .setSecurityContext(SecurityContext.newBuilder().setRunAsNonRoot(true))));
        Pod pod = node.await(
                "non-root",
                p -> container(p, "c").getState().getWaiting().getReason().equals("CreateContainerConfigError"));
        assertThat(container(pod, "c").getState().getWaiting().getMessage())
                .isEqualTo("container has runAsNonRoot and image will run as root (pod:"
                        + " \"non-root_default(uid-non-root)\", container: c)");
        node.remove("non-root");
        node.create(
                "user",
                s -> s.setSecurityContext(PodSecurityContext.newBuilder()
                                .setRunAsUser(1000)
                                .setRunAsGroup(2000)
                                .setFsGroup(3000))
                        .addContainers(serving()));
        assertThat(run(node.awaitReady("user"), "id"))
                .contains("uid=1000")
                .contains("gid=2000")
                .contains("3000");
        node.remove("user");
    }

    @Test
    void hostNetwork() {
        node.create("host-net", s -> s.setHostNetwork(true).addContainers(serving()));
        Pod pod = node.awaitReady("host-net");
        assertThat(pod.getStatus().getPodIP()).isEqualTo("10.90.0.2");
        assertThat(run(pod, "cat /etc/hosts")).startsWith("# Kubernetes-managed hosts file (host network).");
        node.remove("host-net");
    }
}
