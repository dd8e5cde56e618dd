package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens in Secrets, from the controllers that make and end them to the server that trusts them. */
class TokenControllersTest {
    private static EmbeddedApiServer server;
    private static ApiClient api;
    private static ControllerManager manager;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        api = server.adminClient();
        manager = new ControllerManager(
                ControllerManagerConfig.embedded("10.200.0.0/16", ControllersContract.QUICK)
                        .withServiceAccountKey(server.pki().serviceAccountPrivateKey()),
                "CA",
                ApiClients.over(
                        server.client(server.pki().controllerManager(), "kube-controller-manager"),
                        SystemRuntime.instance()),
                SystemRuntime.instance(),
                new Metrics());
        manager.start();
        http = HttpClient.newBuilder()
                .sslContext(server.tls(pki -> TlsFiles.trusting(pki.clusterAuthority())))
                .build();
    }

    @AfterAll
    static void stop() {
        http.close();
        manager.close();
        server.close();
    }

    @Test
    void aSecretIsFilledAndEndsWithItsAccount() throws IOException, InterruptedException {
        ObjectKey account = ObjectKey.of("default", "robot");
        ObjectKey key = ObjectKey.of("default", "robot-token");
        api.create(
                Types.SERVICE_ACCOUNTS,
                ServiceAccount.newBuilder()
                        .setMetadata(
                                ObjectMeta.newBuilder().setNamespace("default").setName("robot"))
                        .build());
        api.create(
                Types.SECRETS,
                Secret.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder()
                                .setNamespace("default")
                                .setName("robot-token")
                                .putAnnotations("kubernetes.io/service-account.name", "robot"))
                        .setType("kubernetes.io/service-account-token")
                        .build());
        eventually(() -> assertThat(api.get(Types.SECRETS, key).getDataMap()).containsKeys("token", "ca.crt"));
        Secret filled = api.get(Types.SECRETS, key);
        assertThat(filled.getDataOrThrow("namespace").toStringUtf8()).isEqualTo("default");
        assertThat(filled.getMetadata().getAnnotationsMap())
                .containsEntry(
                        "kubernetes.io/service-account.uid",
                        api.get(Types.SERVICE_ACCOUNTS, account).getMetadata().getUid());
        String token = filled.getDataOrThrow("token").toStringUtf8();
        HttpResponse<String> answer = whoAmI(token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.body()).contains("\"username\":\"system:serviceaccount:default:robot\"");
        eventually(() -> assertThat(api.get(Types.SECRETS, key).getMetadata().getLabelsMap())
                .containsKey("kubernetes.io/legacy-token-last-used"));

        // As if it had been made for the account: the client is warned, and a mark ends it.
        assertThat(answer.headers().firstValue("Warning")).isEmpty();
        patch(Types.SERVICE_ACCOUNTS, account, "{\"secrets\":[{\"name\":\"robot-token\"}]}");
        eventually(() -> assertThat(whoAmI(token).headers().firstValue("Warning"))
                .contains(
                        "299 - \"Use tokens from the TokenRequest API or manually created secret-based tokens instead of"
                                + " auto-generated secret-based tokens.\""));
        patch(
                Types.SECRETS,
                key,
                "{\"metadata\":{\"labels\":{\"kubernetes.io/legacy-token-invalid-since\":\"2026-01-01\"}}}");
        eventually(() -> assertThat(whoAmI(token).statusCode()).isEqualTo(401));
        patch(Types.SECRETS, key, "{\"metadata\":{\"labels\":{\"kubernetes.io/legacy-token-invalid-since\":null}}}");
        eventually(() -> assertThat(whoAmI(token).statusCode()).isEqualTo(201));

        api.delete(Types.SERVICE_ACCOUNTS, account, DeleteOptions.getDefaultInstance());
        eventually(() -> assertThat(whoAmI(token).statusCode()).isEqualTo(401));
        eventually(() -> assertGone(key));
    }

    /** Whoever cleans up learns from it since when tokens' use is noted. */
    @Test
    void theServerSaysSinceWhenItNotesTheUseOfTokens() {
        ObjectKey key = ObjectKey.of("kube-system", "kube-apiserver-legacy-service-account-token-tracking");
        eventually(() -> assertThat(api.get(Types.CONFIG_MAPS, key).getDataMap().get("since"))
                .matches("20[0-9]{2}-[0-9]{2}-[0-9]{2}"));
        patch(Types.CONFIG_MAPS, key, "{\"data\":{\"since\":\"ever\"}}");
        eventually(() -> assertThat(api.get(Types.CONFIG_MAPS, key).getDataMap().get("since"))
                .matches("20[0-9]{2}-[0-9]{2}-[0-9]{2}"));
    }

    private static void patch(ResourceType<?> type, ObjectKey key, String patch) {
        api.patch(type, key, "", ApiClient.PatchKind.MERGE, patch);
    }

    @Test
    void aBootstrapTokenSignsAuthenticatesAndEnds() throws IOException, InterruptedException {
        api.create(
                Types.CONFIG_MAPS,
                ConfigMap.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder()
                                .setNamespace("kube-public")
                                .setName("cluster-info"))
                        .putData("kubeconfig", "where the cluster is")
                        .build());
        bootstrap("abcdef", Map.of("usage-bootstrap-signing", "true", "usage-bootstrap-authentication", "true"));
        ObjectKey info = ObjectKey.of("kube-public", "cluster-info");
        // What openssl makes of {"alg":"HS256","kid":"abcdef"} and the content.
        eventually(() -> assertThat(api.get(Types.CONFIG_MAPS, info).getDataOrDefault("jws-kubeconfig-abcdef", ""))
                .startsWith("eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9.."));
        HttpResponse<String> answer = whoAmI("abcdef.0123456789abcdef");
        assertThat(answer.body()).contains("\"username\":\"system:bootstrap:abcdef\"", "\"system:bootstrappers\"");

        bootstrap("bcdefg", Map.of("expiration", "2020-01-01T00:00:00Z"));
        eventually(() -> assertGone(ObjectKey.of("kube-system", "bootstrap-token-bcdefg")));
        api.delete(
                Types.SECRETS,
                ObjectKey.of("kube-system", "bootstrap-token-abcdef"),
                DeleteOptions.getDefaultInstance());
        eventually(
                () -> assertThat(api.get(Types.CONFIG_MAPS, info).getDataMap()).containsOnlyKeys("kubeconfig"));
        eventually(
                () -> assertThat(whoAmI("abcdef.0123456789abcdef").statusCode()).isEqualTo(401));
    }

    private static void bootstrap(String id, Map<String, String> more) {
        Secret.Builder secret = Secret.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setNamespace("kube-system").setName("bootstrap-token-" + id))
                .setType("bootstrap.kubernetes.io/token")
                .putData("token-id", ByteString.copyFromUtf8(id))
                .putData("token-secret", ByteString.copyFromUtf8("0123456789abcdef"));
        more.forEach((key, value) -> secret.putData(key, ByteString.copyFromUtf8(value)));
        api.create(Types.SECRETS, secret.build());
    }

    private static HttpResponse<String> whoAmI(String token) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/apis/authentication.k8s.io/v1/selfsubjectreviews"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void assertGone(ObjectKey secret) {
        try {
            assertThat(api.get(Types.SECRETS, secret)).isNull();
        } catch (ApiException e) {
            assertThat(e.isNotFound()).isTrue();
        }
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion);
    }
}
