package io.jollyboat.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.kubernetes.client.ProtoClient;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.informer.cache.Lister;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.AuthenticationV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.VersionApi;
import io.kubernetes.client.openapi.models.AuthenticationV1TokenRequest;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1SelfSubjectReview;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1TokenRequestSpec;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.credentials.AccessTokenAuthentication;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import java.io.Reader;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kubernetes' own Java client on our server. */
class ClientJavaTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NS = "default";

    private static EmbeddedApiServer server;
    private static ApiClient client;
    private static CoreV1Api core;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedApiServer.start();
        try (Reader config = Files.newBufferedReader(server.kubeconfig())) {
            client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(config)).build();
        }
        client.setReadTimeout(0); // a watch may be silent
        core = new CoreV1Api(client);
    }

    @AfterAll
    static void stop() {
        client.getHttpClient().dispatcher().cancelAll();
        client.getHttpClient().dispatcher().executorService().shutdown();
        client.getHttpClient().connectionPool().evictAll();
        server.close();
    }

    private static V1ConfigMap map(String name, String value) {
        return new V1ConfigMap()
                .metadata(new V1ObjectMeta().name(name).namespace(NS))
                .data(Map.of("key", value));
    }

    @Test
    void writesAndReads() throws Exception {
        assertThat(new VersionApi(client).getCode().execute().getGitVersion()).startsWith("v1.36");
        V1ConfigMap created =
                core.createNamespacedConfigMap(NS, map("crud", "a")).execute();
        assertThat(created.getMetadata().getUid()).isNotEmpty();
        V1ConfigMap replaced = core.replaceNamespacedConfigMap("crud", NS, created.data(Map.of("key", "b")))
                .execute();
        assertThat(replaced.getMetadata().getResourceVersion())
                .isNotEqualTo(created.getMetadata().getResourceVersion());
        assertThat(core.readNamespacedConfigMap("crud", NS).execute().getData()).isEqualTo(Map.of("key", "b"));
        assertThat(core.deleteNamespacedConfigMap("crud", NS).execute().getStatus())
                .isEqualTo("Success");
    }

    @Test
    void refusalsAreStatuses() throws Exception {
        ApiException absent = catchThrowableOfType(
                ApiException.class,
                () -> core.readNamespacedConfigMap("nowhere", NS).execute());
        assertThat(absent.getCode()).isEqualTo(404);
        assertThat(absent.getResponseBody())
                .contains("\"kind\":\"Status\"", "\"reason\":\"NotFound\"", "configmaps \\\"nowhere\\\" not found");
        V1ConfigMap first =
                core.createNamespacedConfigMap(NS, map("stale", "a")).execute();
        core.replaceNamespacedConfigMap("stale", NS, map("stale", "b")).execute();
        ApiException conflict = catchThrowableOfType(
                ApiException.class,
                () -> core.replaceNamespacedConfigMap("stale", NS, first).execute());
        assertThat(conflict.getCode()).isEqualTo(409);
        assertThat(conflict.getResponseBody()).contains("the object has been modified");
    }

    @Test
    void patchesInEveryForm() throws Exception {
        core.createNamespacedConfigMap(NS, map("patched", "a")).execute();
        assertThat(patch(
                        V1Patch.PATCH_FORMAT_JSON_PATCH,
                        "[{\"op\":\"replace\",\"path\":\"/data/key\",\"value\":\"b\"}]"))
                .isEqualTo(Map.of("key", "b"));
        assertThat(patch(V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH, "{\"data\":{\"key\":null,\"merged\":\"c\"}}"))
                .isEqualTo(Map.of("merged", "c"));
        assertThat(patch(V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH, "{\"data\":{\"strategic\":\"d\"}}"))
                .isEqualTo(Map.of("merged", "c", "strategic", "d"));
        assertThat(patch(
                        V1Patch.PATCH_FORMAT_APPLY_YAML,
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"patched\"},"
                                + "\"data\":{\"applied\":\"e\"}}"))
                .containsEntry("applied", "e");
        // The client itself forgets managed fields.
        try (Response answer =
                core.readNamespacedConfigMap("patched", NS).buildCall(null).execute()) {
            assertThat(answer.body().string()).contains("{\"manager\":\"suite\",\"operation\":\"Apply\"");
        }
    }

    private static Map<String, String> patch(String format, String patch) throws ApiException {
        return PatchUtils.patch(
                        V1ConfigMap.class,
                        () -> {
                            var call = core.patchNamespacedConfigMap("patched", NS, new V1Patch(patch));
                            return (format.equals(V1Patch.PATCH_FORMAT_APPLY_YAML)
                                            ? call.fieldManager("suite").force(true)
                                            : call)
                                    .buildCall(null);
                        },
                        format,
                        client)
                .getData();
    }

    @Test
    void dryRunsStayWithoutEffect() throws Exception {
        assertThat(core.createNamespacedConfigMap(NS, map("dry", "a"))
                        .dryRun("All")
                        .execute()
                        .getMetadata()
                        .getUid())
                .isNotEmpty();
        assertThat(catchThrowableOfType(
                                ApiException.class,
                                () -> core.readNamespacedConfigMap("dry", NS).execute())
                        .getCode())
                .isEqualTo(404);
    }

    @Test
    void listsPageByPage() throws Exception {
        for (int i = 0; i < 7; i++) {
            V1ConfigMap map = map("page-" + i, "x");
            map.getMetadata().labels(Map.of("paged", "yes"));
            core.createNamespacedConfigMap(NS, map).execute();
        }
        List<String> names = new ArrayList<>();
        String next = null;
        do {
            V1ConfigMapList page = core.listNamespacedConfigMap(NS)
                    .labelSelector("paged=yes")
                    .limit(3)
                    ._continue(next)
                    .execute();
            page.getItems().forEach(map -> names.add(map.getMetadata().getName()));
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        assertThat(names).containsExactly("page-0", "page-1", "page-2", "page-3", "page-4", "page-5", "page-6");
        core.deleteCollectionNamespacedConfigMap(NS).labelSelector("paged=yes").execute();
        assertThat(core.listNamespacedConfigMap(NS)
                        .labelSelector("paged=yes")
                        .execute()
                        .getItems())
                .isEmpty();
    }

    @Test
    void watches() throws Exception {
        String version =
                core.listNamespacedConfigMap(NS).execute().getMetadata().getResourceVersion();
        try (Watch<V1ConfigMap> watch = Watch.createWatch(
                client,
                core.listNamespacedConfigMap(NS)
                        .watch(true)
                        .resourceVersion(version)
                        .fieldSelector("metadata.name=watched")
                        .buildCall(null),
                new com.google.gson.reflect.TypeToken<Watch.Response<V1ConfigMap>>() {}.getType())) {
            core.createNamespacedConfigMap(NS, map("watched", "a")).execute();
            core.replaceNamespacedConfigMap("watched", NS, map("watched", "b")).execute();
            core.deleteNamespacedConfigMap("watched", NS).execute();
            List<String> events = new ArrayList<>();
            while (events.size() < 3) {
                Watch.Response<V1ConfigMap> event = watch.next();
                events.add(event.type + " " + event.object.getData().get("key"));
            }
            assertThat(events).containsExactly("ADDED a", "MODIFIED b", "DELETED b");
        }
    }

    @Test
    void informs() throws Exception {
        core.createNamespacedConfigMap(NS, map("informed-before", "a")).execute();
        SharedInformerFactory factory = new SharedInformerFactory(client);
        SharedIndexInformer<V1ConfigMap> informer = factory.sharedIndexInformerFor(
                (CallGeneratorParams params) -> core.listNamespacedConfigMap(NS)
                        .resourceVersion(params.resourceVersion)
                        .timeoutSeconds(params.timeoutSeconds)
                        .watch(params.watch)
                        .buildCall(null),
                V1ConfigMap.class,
                V1ConfigMapList.class);
        List<String> told = new CopyOnWriteArrayList<>();
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(V1ConfigMap map) {
                tell("add", map);
            }

            @Override
            public void onUpdate(V1ConfigMap before, V1ConfigMap map) {
                tell("update", map);
            }

            @Override
            public void onDelete(V1ConfigMap map, boolean unknown) {
                tell("delete", map);
            }

            private void tell(String what, V1ConfigMap map) {
                if (map.getMetadata().getName().startsWith("informed")) {
                    told.add(what + " " + map.getMetadata().getName() + " "
                            + map.getData().get("key"));
                }
            }
        });
        factory.startAllRegisteredInformers();
        try {
            await().atMost(LIMIT).until(informer::hasSynced);
            assertThat(new Lister<>(informer.getIndexer(), NS).get("informed-before"))
                    .isNotNull();
            core.createNamespacedConfigMap(NS, map("informed", "a")).execute();
            core.replaceNamespacedConfigMap("informed", NS, map("informed", "b"))
                    .execute();
            core.deleteNamespacedConfigMap("informed", NS).execute();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(told)
                            .contains("add informed-before a", "delete informed b")
                            .last()
                            .isEqualTo("delete informed b"));
        } finally {
            factory.stopAllRegisteredInformers(true);
        }
    }

    @Test
    void genericAndDynamicClients() throws Exception {
        GenericKubernetesApi<V1ConfigMap, V1ConfigMapList> maps =
                new GenericKubernetesApi<>(V1ConfigMap.class, V1ConfigMapList.class, "", "v1", "configmaps", client);
        assertThat(maps.create(map("generic", "a"))
                        .throwsApiException()
                        .getObject()
                        .getData())
                .isEqualTo(Map.of("key", "a"));
        assertThat(maps.get(NS, "absent").getStatus().getReason()).isEqualTo("NotFound");

        DynamicKubernetesApi definitions =
                new DynamicKubernetesApi("apiextensions.k8s.io", "v1", "customresourcedefinitions", client);
        definitions
                .create(new DynamicKubernetesObject(
                        com.google.gson.JsonParser.parseString("""
                        {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                         "metadata": {"name": "boats.suite.example"},
                         "spec": {"group": "suite.example", "scope": "Namespaced",
                          "names": {"plural": "boats", "singular": "boat", "kind": "Boat"},
                          "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema":
                           {"type": "object", "properties": {"spec": {"type": "object", "properties":
                            {"oars": {"type": "integer", "minimum": 0, "default": 2}}}}}}}]}}""").getAsJsonObject()))
                .throwsApiException();
        DynamicKubernetesApi boats = new DynamicKubernetesApi("suite.example", "v1", "boats", client);
        DynamicKubernetesObject boat = new DynamicKubernetesObject(
                com.google.gson.JsonParser.parseString("""
                {"apiVersion": "suite.example/v1", "kind": "Boat",
                 "metadata": {"name": "jolly", "namespace": "default"}, "spec": {}}""").getAsJsonObject());
        // Served a little after it is defined.
        await().atMost(LIMIT).until(() -> boats.create(boat).isSuccess());
        assertThat(boats.get(NS, "jolly")
                        .throwsApiException()
                        .getObject()
                        .getRaw()
                        .getAsJsonObject("spec")
                        .get("oars")
                        .getAsInt())
                .isEqualTo(2);
        assertThat(boats.patch(
                                NS,
                                "jolly",
                                V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH,
                                new V1Patch("{\"spec\":{\"oars\":-1}}"))
                        .getStatus()
                        .getMessage())
                .contains("spec.oars in body should be greater than or equal to 0");
        assertThat(boats.delete(NS, "jolly").isSuccess()).isTrue();
    }

    @Test
    void speaksProtobuf() throws Exception {
        ProtoClient proto = new ProtoClient(client);
        V1.ConfigMap map = V1.ConfigMap.newBuilder()
                .setMetadata(io.kubernetes.client.proto.Meta.ObjectMeta.newBuilder()
                        .setName("proto")
                        .setNamespace(NS))
                .putData("key", "a")
                .build();
        ProtoClient.ObjectOrStatus<V1.ConfigMap> created =
                proto.create(map, "/api/v1/namespaces/default/configmaps", "v1", "ConfigMap");
        assertThat(created.status).isNull();
        assertThat(created.object.getMetadata().getUid()).isNotEmpty();
        ProtoClient.ObjectOrStatus<V1.ConfigMapList> list =
                proto.list(V1.ConfigMapList.newBuilder(), "/api/v1/namespaces/default/configmaps");
        assertThat(list.object.getItemsList())
                .anyMatch(item -> item.getMetadata().getName().equals("proto"));
        ProtoClient.ObjectOrStatus<V1.ConfigMap> absent =
                proto.get(V1.ConfigMap.newBuilder(), "/api/v1/namespaces/default/configmaps/none");
        assertThat(absent.status.getReason()).isEqualTo("NotFound");
    }

    @Test
    void speaksForAServiceAccount() throws Exception {
        core.createNamespacedServiceAccount(NS, new V1ServiceAccount().metadata(new V1ObjectMeta().name("robot")))
                .execute();
        String token = core.createNamespacedServiceAccountToken(
                        "robot",
                        NS,
                        new AuthenticationV1TokenRequest()
                                .spec(new V1TokenRequestSpec()
                                        .audiences(List.of())
                                        .expirationSeconds(600L)))
                .execute()
                .getStatus()
                .getToken();
        ApiClient robot = new ClientBuilder()
                .setBasePath(server.url())
                .setCertificateAuthority(Files.readAllBytes(server.pki().admin().authorities()))
                .setAuthentication(new AccessTokenAuthentication(token))
                .build();
        assertThat(new AuthenticationV1Api(robot)
                        .createSelfSubjectReview(new V1SelfSubjectReview())
                        .execute()
                        .getStatus()
                        .getUserInfo()
                        .getUsername())
                .isEqualTo("system:serviceaccount:default:robot");
        ApiException refused = catchThrowableOfType(
                ApiException.class,
                () -> new CoreV1Api(robot).listNamespacedSecret(NS).execute());
        assertThat(refused.getCode()).isEqualTo(403);
        assertThat(refused.getResponseBody())
                .contains("User \\\"system:serviceaccount:default:robot\\\" cannot list resource \\\"secrets\\\"");
        robot.getHttpClient().dispatcher().executorService().shutdown();
        robot.getHttpClient().connectionPool().evictAll();
    }
}
