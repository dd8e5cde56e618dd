package io.jollyboat.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import io.jollyboat.apiserver.EmbeddedApiServer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What operators in Java are made of: fabric8's client with custom resources, informers and leader election. */
class Fabric8Test {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NS = "default";
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: yachts.fabric8.example}
            spec:
              group: fabric8.example
              scope: Namespaced
              names: {plural: yachts, singular: yacht, kind: Yacht}
              versions:
              - name: v1
                served: true
                storage: true
                subresources:
                  status: {}
                  scale: {specReplicasPath: .spec.sails, statusReplicasPath: .status.sails}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        properties:
                          sails: {type: integer, minimum: 0, default: 1}
                          name: {type: string}
                      status:
                        type: object
                        properties: {sails: {type: integer}}
            """;

    /** The resource as an operator declares it. */
    @Group("fabric8.example")
    @Version("v1")
    static final class Yacht extends CustomResource<YachtSpec, YachtStatus> implements Namespaced {
        private static final long serialVersionUID = 1;

        static Yacht of(String name) {
            Yacht yacht = new Yacht();
            yacht.getMetadata().setName(name);
            yacht.getMetadata().setNamespace(NS);
            yacht.setSpec(new YachtSpec());
            return yacht;
        }
    }

    /** What is wanted. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    static final class YachtSpec {
        public Integer sails;
        public String name;
    }

    /** What is. */
    static final class YachtStatus {
        public Integer sails;
    }

    private static EmbeddedApiServer server;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedApiServer.start();
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(server.kubeconfig(), StandardCharsets.UTF_8)))
                .build();
        var definition = client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .load(new ByteArrayInputStream(DEFINITION.getBytes(StandardCharsets.UTF_8)));
        definition.create();
        definition.waitUntilCondition(
                d -> d.getStatus() != null
                        && d.getStatus().getConditions().stream()
                                .anyMatch(c -> c.getType().equals("Established")
                                        && c.getStatus().equals("True")),
                60,
                TimeUnit.SECONDS);
        await().atMost(LIMIT)
                .ignoreException(KubernetesClientException.class)
                .until(() -> client.resources(Yacht.class).inNamespace(NS).list() != null);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @Test
    void typedResources() {
        Yacht created = client.resource(Yacht.of("typed")).create();
        assertThat(created.getSpec().sails).as("default").isEqualTo(1);
        Yacht edited = client.resource(created).edit(yacht -> {
            yacht.getSpec().name = "Bounty";
            return yacht;
        });
        assertThat(edited.getMetadata().getGeneration()).isEqualTo(2);
        edited.setStatus(new YachtStatus());
        edited.getStatus().sails = 5;
        Yacht told = client.resource(edited).updateStatus();
        assertThat(told.getStatus().sails).isEqualTo(5);
        assertThat(told.getMetadata().getGeneration()).isEqualTo(2);
        Yacht patched = client.resource(told).patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"sails\":3}}");
        assertThat(patched.getSpec().sails).isEqualTo(3);
        assertThat(client.resources(Yacht.class)
                        .inNamespace(NS)
                        .withName("typed")
                        .scale()
                        .getSpec()
                        .getReplicas())
                .isEqualTo(3);
        Yacht bad = Yacht.of("bad");
        bad.getSpec().sails = -1;
        KubernetesClientException refused = catchThrowableOfType(
                KubernetesClientException.class, () -> client.resource(bad).create());
        assertThat(refused.getCode()).isEqualTo(422);
        assertThat(refused.getStatus().getDetails().getCauses().getFirst().getField())
                .isEqualTo("spec.sails");
        assertThat(client.resource(patched).delete()).hasSize(1);
        assertThat(client.resource(patched).get()).isNull();
    }

    @Test
    void genericResources() {
        ResourceDefinitionContext context = new ResourceDefinitionContext.Builder()
                .withGroup("fabric8.example")
                .withVersion("v1")
                .withKind("Yacht")
                .withPlural("yachts")
                .withNamespaced(true)
                .build();
        GenericKubernetesResource wanted = new GenericKubernetesResource();
        wanted.setApiVersion("fabric8.example/v1");
        wanted.setKind("Yacht");
        wanted.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
                .withName("generic")
                .withNamespace(NS)
                .build());
        wanted.setAdditionalProperty("spec", Map.of("name", "Pinta"));
        var yachts = client.genericKubernetesResources(context).inNamespace(NS);
        GenericKubernetesResource created = yachts.resource(wanted).create();
        assertThat(created.<Integer>get("spec", "sails")).isEqualTo(1);
        // Found by its kind alone.
        assertThat(client.genericKubernetesResources("fabric8.example/v1", "Yacht")
                        .inNamespace(NS)
                        .withName("generic")
                        .get()
                        .<String>get("spec", "name"))
                .isEqualTo("Pinta");
        assertThat(yachts.withName("generic").delete()).hasSize(1);
    }

    @Test
    void appliedResources() {
        Yacht first = Yacht.of("applied");
        first.getSpec().sails = 2;
        client.resource(first).fieldManager("one").serverSideApply();
        Yacht second = Yacht.of("applied");
        second.getSpec().name = "Santa Maria";
        Yacht both = client.resource(second).fieldManager("two").serverSideApply();
        assertThat(both.getSpec().sails).isEqualTo(2);
        second.getSpec().sails = 4;
        KubernetesClientException conflict = catchThrowableOfType(
                KubernetesClientException.class,
                () -> client.resource(second).fieldManager("two").serverSideApply());
        assertThat(conflict.getCode()).isEqualTo(409);
        assertThat(conflict.getMessage()).contains("conflict with \"one\"").contains(".spec.sails");
        assertThat(client.resource(second)
                        .fieldManager("two")
                        .forceConflicts()
                        .serverSideApply()
                        .getSpec()
                        .sails)
                .isEqualTo(4);
        client.resource(second).delete();
    }

    @Test
    void informers() {
        client.resource(Yacht.of("before")).create();
        List<String> told = new CopyOnWriteArrayList<>();
        try (SharedIndexInformer<Yacht> informer = client.resources(Yacht.class)
                .inNamespace(NS)
                .withLabelNotIn("hidden", "yes")
                .inform(handler(told))) {
            assertThat(informer.hasSynced()).isTrue();
            client.resource(Yacht.of("informed")).create();
            client.resource(Yacht.of("informed")).edit(yacht -> {
                yacht.getSpec().name = "Nina";
                return yacht;
            });
            client.resource(Yacht.of("informed")).delete();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(told)
                            .contains("add before")
                            .containsSubsequence("add informed", "update informed Nina", "delete informed"));
            assertThat(informer.getIndexer().getByKey(NS + "/before")).isNotNull();
        }
        client.resource(Yacht.of("before")).delete();
    }

    private static ResourceEventHandler<Yacht> handler(List<String> told) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(Yacht yacht) {
                told.add("add " + yacht.getMetadata().getName());
            }

            @Override
            public void onUpdate(Yacht before, Yacht yacht) {
                told.add("update " + yacht.getMetadata().getName() + " " + yacht.getSpec().name);
            }

            @Override
            public void onDelete(Yacht yacht, boolean unknown) {
                told.add("delete " + yacht.getMetadata().getName());
            }
        };
    }

    @Test
    void leaderElection() {
        List<String> leaders = new CopyOnWriteArrayList<>();
        CompletableFuture<?> first = elect("first", leaders);
        await().atMost(LIMIT).until(() -> leaders.contains("first leads"));
        CompletableFuture<?> second = elect("second", leaders);
        assertThat(client.leases()
                        .inNamespace(NS)
                        .withName("election")
                        .get()
                        .getSpec()
                        .getHolderIdentity())
                .isEqualTo("first");
        first.cancel(true);
        await().atMost(LIMIT).until(() -> leaders.contains("second leads"));
        assertThat(leaders).containsSubsequence("first leads", "first ends", "second leads");
        second.cancel(true);
        await().atMost(LIMIT).until(() -> leaders.contains("second ends"));
    }

    private static CompletableFuture<?> elect(String name, List<String> leaders) {
        return client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName(name)
                        .withLock(new LeaseLock(NS, "election", name))
                        .withLeaseDuration(Duration.ofSeconds(15))
                        .withRenewDeadline(Duration.ofSeconds(10))
                        .withRetryPeriod(Duration.ofMillis(100))
                        .withReleaseOnCancel()
                        .withLeaderCallbacks(new LeaderCallbacks(
                                () -> leaders.add(name + " leads"), () -> leaders.add(name + " ends"), leader -> {}))
                        .build())
                .build()
                .start();
    }

    @Test
    void conflictsAreRetried() throws Exception {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("count")
                        .withNamespace(NS)
                        .endMetadata()
                        .addToData("n", "0")
                        .build())
                .create();
        Callable<Void> writer = () -> {
            for (int done = 0; done < 5; ) {
                try {
                    client.configMaps()
                            .inNamespace(NS)
                            .withName("count")
                            .edit(map -> new ConfigMapBuilder(map)
                                    .addToData(
                                            "n",
                                            Integer.toString(Integer.parseInt(
                                                            map.getData().get("n"))
                                                    + 1))
                                    .build());
                    done++;
                } catch (KubernetesClientException e) {
                    assertThat(e.getCode()).isEqualTo(409);
                }
            }
            return null;
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> written : threads.invokeAll(Collections.nCopies(4, writer))) {
                written.get();
            }
        }
        assertThat(client.configMaps()
                        .inNamespace(NS)
                        .withName("count")
                        .get()
                        .getData()
                        .get("n"))
                .isEqualTo("20");
    }
}
