package io.jollyboat.kubelet;

import static io.jollyboat.kubelet.testing.TestNode.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.CSIVolumeSource;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.ConfigMapEnvSource;
import io.jollyboat.api.core.v1.ConfigMapKeySelector;
import io.jollyboat.api.core.v1.ConfigMapVolumeSource;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.DownwardAPIProjection;
import io.jollyboat.api.core.v1.DownwardAPIVolumeFile;
import io.jollyboat.api.core.v1.EmptyDirVolumeSource;
import io.jollyboat.api.core.v1.EnvFromSource;
import io.jollyboat.api.core.v1.EnvVar;
import io.jollyboat.api.core.v1.EnvVarSource;
import io.jollyboat.api.core.v1.EphemeralContainer;
import io.jollyboat.api.core.v1.EphemeralContainerCommon;
import io.jollyboat.api.core.v1.ExecAction;
import io.jollyboat.api.core.v1.HTTPGetAction;
import io.jollyboat.api.core.v1.HostAlias;
import io.jollyboat.api.core.v1.HostPathVolumeSource;
import io.jollyboat.api.core.v1.Lifecycle;
import io.jollyboat.api.core.v1.LifecycleHandler;
import io.jollyboat.api.core.v1.LocalObjectReference;
import io.jollyboat.api.core.v1.ObjectFieldSelector;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSecurityContext;
import io.jollyboat.api.core.v1.Probe;
import io.jollyboat.api.core.v1.ProbeHandler;
import io.jollyboat.api.core.v1.ProjectedVolumeSource;
import io.jollyboat.api.core.v1.ResourceFieldSelector;
import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.SecretVolumeSource;
import io.jollyboat.api.core.v1.SecurityContext;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServiceAccountTokenProjection;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.api.core.v1.TCPSocketAction;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeMount;
import io.jollyboat.api.core.v1.VolumeProjection;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kubelet.cri.GrpcContainerRuntime;
import io.jollyboat.kubelet.testing.ContainerdHost;
import io.jollyboat.kubelet.testing.MemoryApi;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.kubelet.testing.TestCgroups;
import io.jollyboat.kubelet.testing.TestNode;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.values.IntOrStrings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What containers find inside, on containerd; skipped, saying why, where none can be run. */
class ContainerdFeaturesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static ContainerdHost host;
    private static GrpcContainerRuntime cri;
    private MemoryApi api;
    private TestNode node;

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

    private TestNode newNode() {
        return new TestNode(api, TestNode.config(host.folder(), KubeletConfig.RuntimeKind.CRI, host.cgroupRoot()), cri);
    }

    private static Container.Builder serving() {
        return Pods.container("c", ContainerdHost.BUSYBOX, Pods.SERVE);
    }

    private static VolumeMount mount(String volume, String path) {
        return VolumeMount.newBuilder().setName(volume).setMountPath(path).build();
    }

    private static Volume volume(String name, VolumeSource.Builder source) {
        return Volume.newBuilder().setName(name).setVolumeSource(source).build();
    }

    private static ObjectMeta meta(String name) {
        return ObjectMeta.newBuilder().setNamespace("default").setName(name).build();
    }

    private static LocalObjectReference named(String name) {
        return LocalObjectReference.newBuilder().setName(name).build();
    }

    private static String run(Pod pod, String script) {
        String id = pod.getStatus().getContainerStatuses(0).getContainerID().substring("containerd://".length());
        var response = cri.execSync(id, List.of("sh", "-c", script), PATIENCE);
        return response.getStdout().concat(response.getStderr()).toStringUtf8().strip();
    }

    /** With a target, a container added later is among its processes; without, it sees its own only. */
    @Test
    void ephemeralContainersSeeTheirTargetsProcesses() {
        node.create(
                "target",
                s -> s.setTerminationGracePeriodSeconds(1)
                        .addContainers(Pods.container(
                                "c",
                                ContainerdHost.BUSYBOX,
                                List.of("sh", "-c", "while true; do sleep 1; done # MARKER"))));
        node.awaitReady("target");
        node.update(
                "target",
                s -> s.addEphemeralContainers(looking("inside", "c")).addEphemeralContainers(looking("beside", "")));
        Pod pod = node.await(
                "target",
                p -> p.getStatus().getEphemeralContainerStatusesCount() == 2
                        && p.getStatus().getEphemeralContainerStatusesList().stream()
                                .allMatch(c -> c.getState().hasTerminated()));
        assertThat(pod.getStatus().getEphemeralContainerStatusesList())
                .extracting(c -> c.getName(), c -> c.getState().getTerminated().getExitCode())
                .containsExactly(tuple("inside", 0), tuple("beside", 1));
        node.remove("target");
    }

    private static EphemeralContainer looking(String name, String target) {
        return EphemeralContainer.newBuilder()
                .setEphemeralContainerCommon(EphemeralContainerCommon.newBuilder()
                        .setName(name)
                        .setImage(ContainerdHost.BUSYBOX)
                        // The pattern does not match itself.
                        .addAllCommand(List.of("sh", "-c", "grep -q 'MARK[E]R' /proc/1/cmdline")))
                .setTargetContainerName(target)
                .build();
    }

    @Test
    void volumesShowConfigMapsAndFollowThem() {
        api.create(
                Kinds.of(ConfigMap.class),
                ConfigMap.newBuilder()
                        .setMetadata(meta("settings"))
                        .putData("a", "one")
                        .build());
        node.create(
                "config",
                s -> s.addVolumes(volume(
                                "v",
                                VolumeSource.newBuilder()
                                        .setConfigMap(ConfigMapVolumeSource.newBuilder()
                                                .setLocalObjectReference(named("settings"))
                                                .setDefaultMode(0640))))
                        .addContainers(serving().addVolumeMounts(mount("v", "/v"))));
        Pod pod = node.awaitReady("config");
        assertThat(run(pod, "cat /v/a; stat -L -c %a /v/a; readlink /v/a; readlink /v/..data | head -c4"))
                .isEqualTo("one640\n..data/a\n..20");
        ConfigMap map = api.get(Kinds.of(ConfigMap.class), ObjectKey.of("default", "settings"));
        api.update(
                Kinds.of(ConfigMap.class),
                map.toBuilder().clearData().putData("b", "two").build());
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> run(pod, "ls /v; cat /v/b").equals("b\ntwo"));
        node.remove("config");
        assertThat(host.folder().resolve("kubelet/pods/uid-config")).doesNotExist();
    }

    @Test
    void secretsAndTokensLieInMemory() {
        api.create(
                Kinds.of(Secret.class),
                Secret.newBuilder()
                        .setMetadata(meta("password"))
                        .putData("p", ByteString.copyFromUtf8("hidden"))
                        .build());
        VolumeProjection token = VolumeProjection.newBuilder()
                .setServiceAccountToken(ServiceAccountTokenProjection.newBuilder()
                        .setPath("token")
                        .setExpirationSeconds(3607))
                .build();
        VolumeProjection downward = VolumeProjection.newBuilder()
                .setDownwardAPI(DownwardAPIProjection.newBuilder()
                        .addItems(DownwardAPIVolumeFile.newBuilder()
                                .setPath("namespace")
                                .setFieldRef(ObjectFieldSelector.newBuilder().setFieldPath("metadata.namespace"))))
                .build();
        node.create(
                "secret",
                s -> s.addVolumes(volume(
                                "s",
                                VolumeSource.newBuilder()
                                        .setSecret(
                                                SecretVolumeSource.newBuilder().setSecretName("password"))))
                        .addVolumes(volume(
                                "t",
                                VolumeSource.newBuilder()
                                        .setProjected(ProjectedVolumeSource.newBuilder()
                                                .addSources(token)
                                                .addSources(downward))))
                        .addContainers(
                                serving().addVolumeMounts(mount("s", "/s")).addVolumeMounts(mount("t", "/t"))));
        Pod pod = node.awaitReady("secret");
        assertThat(run(pod, "cat /s/p; echo; cat /t/token; echo; cat /t/namespace"))
                .isEqualTo("hidden\ntoken-1-of-default\ndefault");
        assertThat(run(pod, "stat -f -c %T /s /t")).isEqualTo("tmpfs\ntmpfs");
        node.remove("secret");
        assertThat(host.folder().resolve("kubelet/pods/uid-secret")).doesNotExist();
    }

    @Test
    void missingVolumeSourceIsToldAndMendsItself() {
        node.create(
                "missing",
                s -> s.addVolumes(volume(
                                "v",
                                VolumeSource.newBuilder()
                                        .setConfigMap(ConfigMapVolumeSource.newBuilder()
                                                .setLocalObjectReference(named("late")))))
                        .addContainers(serving().addVolumeMounts(mount("v", "/v"))));
        node.awaitEvent(
                "missing", "FailedMount: MountVolume.SetUp failed for volume \"v\" : configmap \"late\" not found");
        assertThat(container(node.get("missing"), "c").getState().getWaiting().getReason())
                .isEqualTo("ContainerCreating");
        api.create(
                Kinds.of(ConfigMap.class),
                ConfigMap.newBuilder().setMetadata(meta("late")).build());
        node.awaitReady("missing");
        node.remove("missing");
    }

    @Test
    void unknownVolumeIsRefused() {
        node.create(
                "csi",
                s -> s.addVolumes(volume(
                                "v",
                                VolumeSource.newBuilder()
                                        .setCsi(CSIVolumeSource.newBuilder().setDriver("nope.example.com"))))
                        .addContainers(serving().addVolumeMounts(mount("v", "/v"))));
        node.awaitEvent(
                "csi",
                "FailedMount: MountVolume.SetUp failed for volume \"v\" : kubernetes.io/csi: mounter.SetUpAt failed to"
                        + " get CSI client: driver name nope.example.com not found in the list of registered CSI"
                        + " drivers");
        node.remove("csi");
    }

    @Test
    void hostPathsAndEmptyDirs() throws Exception {
        Path shared = Files.createDirectory(host.folder().resolve("shared"));
        Files.writeString(shared.resolve("f"), "from host");
        node.create(
                "dirs",
                s -> s.setSecurityContext(PodSecurityContext.newBuilder().setFsGroup(1234))
                        .addVolumes(volume(
                                "h",
                                VolumeSource.newBuilder()
                                        .setHostPath(HostPathVolumeSource.newBuilder()
                                                .setPath(shared.toString())
                                                .setType("Directory"))))
                        .addVolumes(
                                volume("e", VolumeSource.newBuilder().setEmptyDir(EmptyDirVolumeSource.newBuilder())))
                        .addVolumes(volume(
                                "m",
                                VolumeSource.newBuilder()
                                        .setEmptyDir(EmptyDirVolumeSource.newBuilder()
                                                .setMedium("Memory")
                                                .setSizeLimit(
                                                        Quantity.newBuilder().setString("1Mi")))))
                        .addContainers(serving()
                                .addVolumeMounts(mount("h", "/h"))
                                .addVolumeMounts(mount("e", "/e"))
                                .addVolumeMounts(mount("e", "/sub").toBuilder().setSubPath("x/y"))
                                .addVolumeMounts(mount("m", "/m").toBuilder().setReadOnly(true))));
        Pod pod = node.awaitReady("dirs");
        assertThat(run(pod, "cat /h/f; echo; touch /sub/z; ls /e/x/y; stat -c %g /e; stat -f -c %T /m"))
                .isEqualTo("from host\nz\n1234\ntmpfs");
        assertThat(run(pod, "touch /m/x")).contains("Read-only file system");
        node.remove("dirs");
        assertThat(shared.resolve("f")).exists();
    }

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
    void lastWords() {
        node.create(
                "words",
                s -> s.setRestartPolicy("Never")
                        .addContainers(Pods.container(
                                "c",
                                ContainerdHost.BUSYBOX,
                                List.of("sh", "-c", "echo bye >/dev/termination-log; exit 3")))
                        .addContainers(Pods.container(
                                        "d", ContainerdHost.BUSYBOX, List.of("sh", "-c", "echo from the log; exit 4"))
                                .setTerminationMessagePolicy("FallbackToLogsOnError")));
        Pod pod = node.awaitPhase("words", "Failed");
        assertThat(container(pod, "c").getState().getTerminated().getMessage()).isEqualTo("bye\n");
        assertThat(container(pod, "d").getState().getTerminated().getMessage()).isEqualTo("from the log\n");
        node.remove("words");
    }

    @Test
    void hooksRun() throws Exception {
        Path shared = Files.createDirectory(host.folder().resolve("hooks"));
        node.create(
                "hooks",
                s -> s.addVolumes(volume(
                                "h",
                                VolumeSource.newBuilder()
                                        .setHostPath(HostPathVolumeSource.newBuilder()
                                                .setPath(shared.toString()))))
                        .addContainers(serving()
                                .addVolumeMounts(mount("h", "/h"))
                                .setLifecycle(Lifecycle.newBuilder()
                                        .setPostStart(hook("echo post > /h/post"))
                                        .setPreStop(hook("echo pre > /h/pre")))));
        node.awaitReady("hooks");
        assertThat(Files.readString(shared.resolve("post"))).isEqualTo("post\n");
        node.remove("hooks");
        assertThat(Files.readString(shared.resolve("pre"))).isEqualTo("pre\n");
    }

    private static LifecycleHandler.Builder hook(String script) {
        return LifecycleHandler.newBuilder()
                .setExec(ExecAction.newBuilder()
                        .addCommand("sh")
                        .addCommand("-c")
                        .addCommand(script));
    }

    @Test
    void failedPostStartHookKills() {
        node.create(
                "post-fails",
                s -> s.addContainers(
                        serving().setLifecycle(Lifecycle.newBuilder().setPostStart(hook("echo post; exit 7")))));
        node.awaitEvent("post-fails", "FailedPostStartHook: PostStartHook failed");
        node.awaitEvent("post-fails", "Killing: FailedPostStartHook");
        node.await("post-fails", p -> container(p, "c").getRestartCount() > 0);
        node.remove("post-fails");
    }

    @Test
    void probesOverTheNetwork() {
        Probe http = Probe.newBuilder()
                .setHandler(ProbeHandler.newBuilder()
                        .setHttpGet(HTTPGetAction.newBuilder().setPath("/").setPort(IntOrStrings.of(8080))))
                .setPeriodSeconds(1)
                .setTimeoutSeconds(1)
                .build();
        Probe tcp = Probe.newBuilder()
                .setHandler(ProbeHandler.newBuilder()
                        .setTcpSocket(TCPSocketAction.newBuilder().setPort(IntOrStrings.of(8081))))
                .setPeriodSeconds(1)
                .setTimeoutSeconds(1)
                .build();
        node.create(
                "net",
                s -> s.addContainers(Pods.container(
                                        "c",
                                        ContainerdHost.BUSYBOX,
                                        List.of("sh", "-c", "echo hi > /tmp/index.html; exec httpd -f -p 8080 -h /tmp"))
                                .setReadinessProbe(http))
                        .setTerminationGracePeriodSeconds(1)
                        .addContainers(Pods.container("d", ContainerdHost.BUSYBOX, Pods.SERVE)
                                .setReadinessProbe(tcp)));
        Pod pod = node.await("net", p -> container(p, "c").getReady());
        node.awaitEvent(
                "net",
                "Unhealthy: Readiness probe failed: dial tcp " + pod.getStatus().getPodIP()
                        + ":8081: connect: connection refused");
        node.remove("net");
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
    void badCommandIsTold() {
        node.create(
                "bad", s -> s.addContainers(Pods.container("c", ContainerdHost.BUSYBOX, List.of("/no/such/binary"))));
        node.awaitEvent("bad", "Failed: Error: failed to create containerd task");
        Pod pod = node.await("bad", p -> container(p, "c").getRestartCount() > 0);
        assertThat(container(pod, "c").getLastState().getTerminated().getReason())
                .isEqualTo("StartError");
        assertThat(container(pod, "c").getLastState().getTerminated().getExitCode())
                .isEqualTo(128);
        node.remove("bad");
    }

    @Test
    void restartsHarmNoPod() throws Exception {
        node.create(
                "stays",
                s -> s.addContainers(serving()
                        .setReadinessProbe(Probe.newBuilder()
                                .setHandler(ProbeHandler.newBuilder()
                                        .setExec(ExecAction.newBuilder().addCommand("true")))
                                .setPeriodSeconds(1))));
        Pod before = node.awaitReady("stays");
        node.close();
        host.restartContainerd();
        node = newNode().start();
        node.create("after", s -> s.addContainers(serving()));
        node.awaitReady("after");
        Pod after = node.get("stays");
        assertThat(after.getStatus().getContainerStatuses(0).getContainerID())
                .isEqualTo(before.getStatus().getContainerStatuses(0).getContainerID());
        assertThat(after.getStatus().getContainerStatuses(0).getRestartCount()).isZero();
        // The probe may have failed while the runtime was away; it mends itself.
        node.awaitReady("stays");
        host.restartContainerd();
        node.create("later", s -> s.addContainers(serving()));
        node.awaitReady("later");
        assertThat(node.get("stays").getStatus().getContainerStatuses(0).getContainerID())
                .isEqualTo(before.getStatus().getContainerStatuses(0).getContainerID());
        node.remove("later");
        node.remove("after");
        node.remove("stays");
    }

    @Test
    void hostNetwork() {
        node.create("host-net", s -> s.setHostNetwork(true).addContainers(serving()));
        Pod pod = node.awaitReady("host-net");
        assertThat(pod.getStatus().getPodIP()).isEqualTo("10.90.0.2");
        assertThat(run(pod, "cat /etc/hosts")).startsWith("# Kubernetes-managed hosts file (host network).");
        node.remove("host-net");
    }

    @Test
    void leftoversAreRemoved() throws Exception {
        Path left = Files.createDirectories(host.folder().resolve("kubelet/pods/uid-left/volumes"));
        node.close();
        node = newNode().start();
        Awaitility.await().atMost(PATIENCE).until(() -> !Files.exists(left.getParent()));
    }

    @Test
    void podsOutliveTheApiServerAndOrphansDoNot() {
        node.create("orphan", s -> s.addContainers(serving()));
        node.awaitReady("orphan");
        node.close();
        api.delete(
                Kinds.of(Pod.class),
                ObjectKey.of("default", "orphan"),
                io.jollyboat.api.meta.v1.DeleteOptions.newBuilder()
                        .setGracePeriodSeconds(0)
                        .build());
        api.setDown(true);
        try {
            node = newNode().start();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Awaitility.await()
                .during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> cri.listPodSandboxes(Map.of("io.kubernetes.pod.uid", "uid-orphan")).stream()
                        .anyMatch(s -> s.getState() == io.jollyboat.cri.v1.PodSandboxState.SANDBOX_READY));
        api.setDown(false);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> cri.listPodSandboxes(Map.of("io.kubernetes.pod.uid", "uid-orphan"))
                        .isEmpty());
    }
}
