package io.jollyboat.kubelet;

import static io.jollyboat.kubelet.testing.TestNode.container;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.LocalObjectReference;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kubelet.cri.GrpcContainerRuntime;
import io.jollyboat.kubelet.testing.ContainerdHost;
import io.jollyboat.kubelet.testing.MemoryApi;
import io.jollyboat.kubelet.testing.OciImage;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.kubelet.testing.TestNode;
import io.jollyboat.kubelet.testing.TestRegistry;
import io.jollyboat.runtime.SystemRuntime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images that containerd pulls from a registry; skipped, saying why, where no containerd can be run. */
class ImagePullTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static ContainerdHost host;
    private static GrpcContainerRuntime cri;
    private static TestRegistry registry;
    private MemoryApi api;
    private TestNode node;

    @BeforeAll
    static void startHost() throws Exception {
        host = ContainerdHost.start();
        cri = host.runtime(SystemRuntime.instance());
        registry = new TestRegistry(host.outsideAddress());
        host.allowPlainHttp(registry.name());
    }

    @AfterAll
    static void stopHost() throws Exception {
        if (host != null) {
            registry.close();
            cri.close();
            host.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        api = new MemoryApi(SystemRuntime.instance());
        node = newNode();
    }

    private TestNode newNode() throws Exception {
        return new TestNode(api, TestNode.config(host.folder(), KubeletConfig.RuntimeKind.CRI, host.cgroupRoot()), cri)
                .start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    /** An image of its own: what one test pulls is not there for another. */
    private static String published(String repository) throws Exception {
        return registry.add(
                repository,
                "latest",
                OciImage.busybox(repository, List.of("sh", "sleep", "true"))
                        .file("etc/name", repository.getBytes(StandardCharsets.UTF_8), 0644));
    }

    private static String image(String repository) {
        return registry.name() + "/" + repository;
    }

    private void create(String name, String repository, String policy, String... secrets) {
        node.create(name, s -> {
            for (String secret : secrets) {
                s.addImagePullSecrets(LocalObjectReference.newBuilder().setName(secret));
            }
            return s.addContainers(container(repository, policy));
        });
    }

    private static Container container(String repository, String policy) {
        return Pods.container("c", image(repository), Pods.SERVE)
                .setImagePullPolicy(policy)
                .build();
    }

    private Pod awaitWaiting(String pod, String reason) {
        return node.await(
                pod,
                p -> TestNode.container(p, "c")
                        .getState()
                        .getWaiting()
                        .getReason()
                        .equals(reason));
    }

    private void secret(String name, String user, String password) {
        String auth =
                java.util.Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        api.create(
                Kinds.of(Secret.class),
                Secret.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder().setName(name).setNamespace("default"))
                        .setType("kubernetes.io/dockerconfigjson")
                        .putData(
                                ".dockerconfigjson",
                                ByteString.copyFromUtf8(
                                        "{\"auths\":{\"" + registry.name() + "\":{\"auth\":\"" + auth + "\"}}}"))
                        .build());
    }

    @Test
    void aPulledImageRunsAndItsDigestIsTold() throws Exception {
        String digest = published("team/plain");
        create("plain", "team/plain", "IfNotPresent");
        Pod pod = node.awaitPhase("plain", "Running");
        assertThat(TestNode.container(pod, "c").getImageID()).isEqualTo(image("team/plain") + "@" + digest);
        assertThat(TestNode.container(pod, "c").getImage()).isEqualTo(image("team/plain") + ":latest");
        node.awaitEvent("plain", "Pulling: Pulling image \"" + image("team/plain") + "\"");
        node.awaitEvent("plain", "Pulled: Successfully pulled image \"" + image("team/plain") + "\" in ");
        assertThat(registry.asked())
                .filteredOn(r -> r.startsWith("team/plain:"))
                .isNotEmpty();
        node.remove("plain");
    }

    @Test
    void thePolicySaysWhenTheRegistryIsAsked() throws Exception {
        published("team/policy");
        create("first", "team/policy", "IfNotPresent");
        node.awaitPhase("first", "Running");
        List<String> asked = List.copyOf(registry.asked());
        create("second", "team/policy", "IfNotPresent");
        node.awaitPhase("second", "Running");
        node.awaitEvent(
                "second",
                "Pulled: Container image \"" + image("team/policy")
                        + "\" already present on machine and can be accessed by the pod");
        create("third", "team/policy", "Never");
        node.awaitPhase("third", "Running");
        assertThat(registry.asked()).isEqualTo(asked);
        create("fourth", "team/policy", "Always");
        node.awaitPhase("fourth", "Running");
        node.awaitEvent("fourth", "Pulled: Successfully pulled image ");
        assertThat(registry.asked().size()).isGreaterThan(asked.size());
        List.of("first", "second", "third", "fourth").forEach(node::remove);
    }

    @Test
    void aMissingImageBacksOffAndIsFoundLater() throws Exception {
        create("missing", "team/late", "IfNotPresent");
        String notFound = "rpc error: code = NotFound desc = failed to pull and unpack image \"" + image("team/late")
                + ":latest\": failed to resolve reference \"" + image("team/late") + ":latest\": " + image("team/late")
                + ":latest: not found";
        Pod failed = awaitWaiting("missing", "ErrImagePull");
        assertThat(TestNode.container(failed, "c").getState().getWaiting().getMessage())
                .isEqualTo(notFound);
        node.awaitEvent("missing", "Failed: Failed to pull image \"" + image("team/late") + "\": " + notFound);
        node.awaitEvent("missing", "Failed: Error: ErrImagePull");
        Pod waiting = awaitWaiting("missing", "ImagePullBackOff");
        assertThat(TestNode.container(waiting, "c").getState().getWaiting().getMessage())
                .isEqualTo("Back-off pulling image \"" + image("team/late") + "\": ErrImagePull: " + notFound);
        node.awaitEvent("missing", "BackOff: Back-off pulling image \"" + image("team/late") + "\"");
        node.awaitEvent("missing", "Failed: Error: ImagePullBackOff");

        published("team/late");
        node.awaitPhase("missing", "Running");
        node.remove("missing");
    }

    @Test
    void aPrivateImageNeedsTheRightSecret() throws Exception {
        published("team/private");
        registry.protect("team/private", "ann", "open sesame");
        create("without", "team/private", "IfNotPresent");
        Pod refused = awaitWaiting("without", "ErrImagePull");
        assertThat(TestNode.container(refused, "c").getState().getWaiting().getMessage())
                .startsWith("failed to pull and unpack image \"" + image("team/private") + ":latest\": ")
                .contains("401 Unauthorized");
        secret("wrong", "ann", "guess");
        secret("right", "ann", "open sesame");
        create("with-wrong", "team/private", "IfNotPresent", "wrong");
        awaitWaiting("with-wrong", "ErrImagePull");
        create("with-right", "team/private", "IfNotPresent", "absent", "wrong", "right");
        node.awaitPhase("with-right", "Running");
        node.awaitEvent(
                "with-right",
                "FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (absent); attempting to "
                        + "pull the image may not succeed.");

        // It is on the machine now, and still not everyone's.
        create("another", "team/private", "Never");
        Pod never = awaitWaiting("another", "ErrImageNeverPull");
        assertThat(TestNode.container(never, "c").getState().getWaiting().getMessage())
                .isEqualTo(
                        "Container image \"" + image("team/private") + "\" is not present with pull policy of Never");
        secret("same", "ann", "open sesame");
        create("with-same", "team/private", "Never", "same");
        node.awaitPhase("with-same", "Running");

        // The next kubelet knows as well.
        node.close();
        node = newNode();
        create("after", "team/private", "Never");
        awaitWaiting("after", "ErrImageNeverPull");
        create("with-same-after", "team/private", "Never", "same");
        node.awaitPhase("with-same-after", "Running");
        List.of("without", "with-wrong", "with-right", "another", "with-same", "after", "with-same-after")
                .forEach(node::remove);
    }

    @Test
    void imagesArePulledOneAfterTheOther() throws Exception {
        published("slow/one");
        published("slow/two");
        CountDownLatch one = registry.hold("slow/one");
        CountDownLatch two = registry.hold("slow/two");
        create("one", "slow/one", "IfNotPresent");
        Awaitility.await().atMost(PATIENCE).until(() -> registry.waiting().equals(List.of("slow/one")));
        create("two", "slow/two", "IfNotPresent");
        // It is under way as far as its pod can see, and has not reached the registry.
        node.awaitEvent("two", "Pulling: Pulling image \"" + image("slow/two") + "\"");
        two.countDown();
        assertThat(registry.asked()).noneMatch(r -> r.startsWith("slow/two:"));
        assertThat(registry.waiting()).containsExactly("slow/one");
        one.countDown();
        node.awaitPhase("one", "Running");
        node.awaitPhase("two", "Running");
        assertThat(registry.asked().indexOf(first("slow/one")))
                .isLessThan(registry.asked().indexOf(first("slow/two")));
        List.of("one", "two").forEach(node::remove);
    }

    private static String first(String repository) {
        return registry.asked().stream()
                .filter(r -> r.startsWith(repository + ":"))
                .findFirst()
                .orElseThrow();
    }
}
