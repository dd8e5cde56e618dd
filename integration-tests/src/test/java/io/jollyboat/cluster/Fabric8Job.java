package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The main job as a Java program does it, with fabric8's client. */
final class Fabric8Job implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String NAMESPACE = "fabric8";
    private static final String WEB = "web";
    private static final Map<String, String> LABELS = Map.of("app", WEB);

    private final KubernetesClient client;
    /** Pods by name as the informer tells of them, and how many it told of at all. */
    private final Map<String, Pod> pods = new ConcurrentHashMap<>();

    private final Set<String> everSeen = ConcurrentHashMap.newKeySet();
    private final List<String> watched = new CopyOnWriteArrayList<>();

    Fabric8Job(Path kubeconfig) {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
    }

    void run() throws Exception {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        try (SharedIndexInformer<Pod> informer =
                        client.pods().inNamespace(NAMESPACE).inform(new Follower());
                Watch watch = client.apps().deployments().inNamespace(NAMESPACE).watch(new Diary())) {
            assertThat(informer.hasSynced()).isTrue();
            String ip = start();
            String pod = pods.keySet().iterator().next();
            exec(pod);
            files(pod);
            portForward(pod);
            logs(pod, ip);
            change(ip);
            applyOnTheServer();
            end();
        }
    }

    private String start() {
        client.apps().deployments().inNamespace(NAMESPACE).resource(web()).create();
        Service service = client.services()
                .inNamespace(NAMESPACE)
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(WEB)
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(LABELS)
                        .addNewPort()
                        .withPort(80)
                        .withTargetPort(new IntOrString("http"))
                        .endPort()
                        .endSpec()
                        .build())
                .create();
        deployment().waitUntilReady(1, TimeUnit.MINUTES);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(pods.values())
                        .hasSize(2)
                        .allMatch(pod -> pod.getStatus().getPhase().equals("Running")));
        String ip = service.getSpec().getClusterIP();
        Set<String> answers = new HashSet<>();
        await().atMost(LIMIT).until(() -> {
            answers.add(MainJobTest.page(ip));
            return answers.containsAll(pods.keySet().stream()
                    .map(name -> "Hello from " + name + ", version 1\n")
                    .toList());
        });
        return ip;
    }

    private static Deployment web() {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(WEB)
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewSelector()
                .withMatchLabels(LABELS)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(LABELS)
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(1L)
                .addNewContainer()
                .withName(WEB)
                .withImage("jollyboat/web:1")
                .withPorts(new ContainerPortBuilder()
                        .withName("http")
                        .withContainerPort(8080)
                        .build())
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private RollableScalableResource<Deployment> deployment() {
        return client.apps().deployments().inNamespace(NAMESPACE).withName(WEB);
    }

    private PodResource pod(String name) {
        return client.pods().inNamespace(NAMESPACE).withName(name);
    }

    private void exec(String pod) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ExecWatch exec =
                pod(pod).writingOutput(out).writingError(err).exec("sh", "-c", "hostname; echo trouble >&2; exit 3")) {
            assertThat(exec.exitCode().get(30, TimeUnit.SECONDS)).isEqualTo(3);
        }
        assertThat(text(out)).isEqualTo(pod + "\n");
        assertThat(text(err)).isEqualTo("trouble\n");
        ByteArrayOutputStream echo = new ByteArrayOutputStream();
        try (ExecWatch exec = pod(pod).redirectingInput().writingOutput(echo).exec("head", "-n", "1")) {
            exec.getInput().write("there and back\n".getBytes(StandardCharsets.UTF_8));
            exec.getInput().flush();
            assertThat(exec.exitCode().get(30, TimeUnit.SECONDS)).isZero();
        }
        assertThat(text(echo)).isEqualTo("there and back\n");
    }

    private void files(String pod) throws Exception {
        Path folder = Files.createTempDirectory("fabric8");
        try {
            byte[] content = new byte[300_000];
            for (int i = 0; i < content.length; i++) {
                content[i] = (byte) (i * 31 + i / 256);
            }
            Path sent = Files.write(folder.resolve("sent"), content);
            assertThat(pod(pod).file("/tmp/letter").upload(sent)).isTrue();
            assertThat(pod(pod).file("/tmp/letter").copy(folder.resolve("back")))
                    .isTrue();
            assertThat(folder.resolve("back")).hasBinaryContent(content);
        } finally {
            for (String name : List.of("sent", "back", "")) {
                Files.deleteIfExists(folder.resolve(name));
            }
        }
    }

    private void portForward(String pod) throws Exception {
        try (LocalPortForward forward = pod(pod).portForward(8080)) {
            String page = MainJobTest.page("127.0.0.1:" + forward.getLocalPort());
            assertThat(page)
                    .as("client %s, server %s", forward.getClientThrowables(), forward.getServerThrowables())
                    .startsWith("Hello from " + pod);
        }
    }

    private void logs(String pod, String ip) {
        OutputStream followed = new ByteArrayOutputStream();
        try (LogWatch follow = pod(pod).watchLog(followed)) {
            await().atMost(LIMIT).until(() -> {
                MainJobTest.page(ip);
                return followed.toString().lines().count() >= 3;
            });
        }
        assertThat(pod(pod).getLog().lines()).hasSizeGreaterThanOrEqualTo(3).allMatch(l -> l.contains("response:200"));
        assertThat(pod(pod).tailingLines(1).getLog().lines()).hasSize(1);
        assertThat(pod(pod).usingTimestamps().getLog()).matches("(?s)20\\d\\d-\\d\\d-\\d\\dT.*Z \\[.*");
    }

    private void change(String ip) {
        insist(() -> deployment().scale(3));
        await().atMost(LIMIT).until(() -> pods.size() == 3 && available() == 3);

        insist(() -> deployment().updateImage(Map.of(WEB, "jollyboat/web:2")));
        await().atMost(LIMIT).until(() -> rolledOut() && MainJobTest.page(ip).contains("version 2"));
        insist(() -> deployment().rolling().undo());
        await().atMost(LIMIT).until(() -> rolledOut() && MainJobTest.page(ip).contains("version 1"));

        Deployment edited = insist(() -> deployment()
                .edit(d -> new DeploymentBuilder(d)
                        .editMetadata()
                        .addToAnnotations("example.com/note", "edited")
                        .endMetadata()
                        .build()));
        assertThat(edited.getMetadata().getAnnotations()).containsEntry("example.com/note", "edited");

        String victim = pods.keySet().iterator().next();
        assertThat(pod(victim).evict()).isTrue();
        await().atMost(LIMIT).until(() -> !pods.containsKey(victim) && pods.size() == 3 && available() == 3);
        // Two and one at first, three for each of two rollouts, one for the evicted.
        assertThat(everSeen).hasSizeGreaterThanOrEqualTo(10);
    }

    private void applyOnTheServer() {
        ConfigMap first = settings("mode", "slow");
        assertThat(client.resource(first).serverSideApply().getData()).containsOnly(Map.entry("mode", "slow"));
        client.resource(first)
                .edit(map -> new ConfigMapBuilder(map).addToData("mode", "fast").build());
        assertThatThrownBy(() -> client.resource(settings("mode", "slower"))
                        .fieldManager("another")
                        .serverSideApply())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
        ConfigMap forced =
                client.resource(settings("mode", "slow")).forceConflicts().serverSideApply();
        assertThat(forced.getData()).containsOnly(Map.entry("mode", "slow"));
        ConfigMap other = client.resource(settings("level", "1")).serverSideApply();
        assertThat(other.getData()).as("what its owner gave up goes").containsOnly(Map.entry("level", "1"));
        assertThat(other.getMetadata().getManagedFields())
                .anyMatch(entry -> entry.getManager().equals("fabric8")
                        && entry.getOperation().equals("Apply"));
        client.resource(other).delete();
    }

    private static ConfigMap settings(String key, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName("settings")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToData(key, value)
                .build();
    }

    /** The client sends the version it read along, and the controller writes the status of the same object. */
    private static <T> T insist(Supplier<T> change) {
        AtomicReference<T> answer = new AtomicReference<>();
        await().atMost(LIMIT)
                .ignoreExceptionsMatching(
                        e -> e instanceof KubernetesClientException failure && failure.getCode() == 409)
                .until(() -> {
                    answer.set(change.get());
                    return true;
                });
        return answer.get();
    }

    private int available() {
        Integer available = deployment().get().getStatus().getAvailableReplicas();
        return available == null ? 0 : available;
    }

    private boolean rolledOut() {
        var deployment = deployment().get();
        var status = deployment.getStatus();
        return status.getObservedGeneration().equals(deployment.getMetadata().getGeneration())
                && Integer.valueOf(3).equals(status.getUpdatedReplicas())
                && Integer.valueOf(3).equals(status.getReplicas())
                && Integer.valueOf(3).equals(status.getAvailableReplicas());
    }

    private void end() {
        deployment().delete();
        client.services().inNamespace(NAMESPACE).withName(WEB).delete();
        await().atMost(LIMIT).until(pods::isEmpty);
        assertThat(watched).startsWith("ADDED").endsWith("DELETED").contains("MODIFIED");
        assertThat(client.apps().replicaSets().inNamespace(NAMESPACE).list().getItems())
                .isEmpty();
        await().atMost(LIMIT)
                .until(() -> client.discovery()
                        .v1()
                        .endpointSlices()
                        .inNamespace(NAMESPACE)
                        .list()
                        .getItems()
                        .isEmpty());
        client.namespaces().withName(NAMESPACE).delete();
        await().atMost(LIMIT)
                .until(() -> client.namespaces().withName(NAMESPACE).get() == null);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }

    private final class Follower implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            onUpdate(null, pod);
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            everSeen.add(pod.getMetadata().getName());
            pods.put(pod.getMetadata().getName(), pod);
        }

        @Override
        public void onDelete(Pod pod, boolean lastStateUnknown) {
            pods.remove(pod.getMetadata().getName());
        }
    }

    private final class Diary implements Watcher<Deployment> {
        @Override
        public void eventReceived(Action action, Deployment deployment) {
            watched.add(action.name());
        }

        @Override
        public void onClose(WatcherException cause) {
            watched.add("closed: " + cause);
        }
    }
}
