package io.jollyboat.kubelet;

import static io.jollyboat.kubelet.testing.TestNode.container;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.CSIVolumeSource;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.ConfigMapVolumeSource;
import io.jollyboat.api.core.v1.DownwardAPIProjection;
import io.jollyboat.api.core.v1.DownwardAPIVolumeFile;
import io.jollyboat.api.core.v1.EmptyDirVolumeSource;
import io.jollyboat.api.core.v1.HostPathVolumeSource;
import io.jollyboat.api.core.v1.ObjectFieldSelector;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSecurityContext;
import io.jollyboat.api.core.v1.ProjectedVolumeSource;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.SecretVolumeSource;
import io.jollyboat.api.core.v1.ServiceAccountTokenProjection;
import io.jollyboat.api.core.v1.VolumeProjection;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What lies in the volumes of containers on containerd. */
class ContainerdVolumesTest extends ContainerdFixture {
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
}
