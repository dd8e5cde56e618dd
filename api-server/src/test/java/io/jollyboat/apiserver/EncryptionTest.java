package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.runtime.SystemRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets in the store, as somebody sees them who has got hold of it. */
class EncryptionTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SECRETS = "/api/v1/namespaces/default/secrets";
    private static final String OLD = "{aescbc: {keys: [{name: old, secret: AAAAAAAAAAAAAAAAAAAAAA==}]}}";
    private static final String NEW =
            "{secretbox: {keys: [{name: new, secret: " + "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=}]}}";

    @TempDir
    private Path folder;

    private Path providers(String... providers) throws IOException {
        return Files.writeString(
                folder.resolve("encryption.yaml"),
                "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n"
                        + "  - resources: [secrets]\n    providers: [" + String.join(", ", providers) + "]\n");
    }

    private static ByteString stored(EmbeddedApiServer server, String key) {
        return server.store()
                .range(RangeRequest.key(ByteString.copyFromUtf8("/registry/" + key)))
                .join()
                .entries()
                .getFirst()
                .value();
    }

    private static String form(EmbeddedApiServer server, String key) {
        return stored(server, key).toString(StandardCharsets.ISO_8859_1);
    }

    private static void create(RestClient client, String name) {
        assertThat(client.post(
                                SECRETS,
                                "{\"metadata\":{\"name\":\"" + name + "\"},\"stringData\":{\"k\":\"telltale\"}}")
                        .code())
                .isEqualTo(201);
    }

    private static void assertReadable(RestClient client, String name) {
        assertThat(client.get(SECRETS + "/" + name)
                        .json()
                        .path("data")
                        .path("k")
                        .asString())
                .isEqualTo("dGVsbHRhbGU=");
    }

    @Test
    void keysComeAndGoAndNothingIsLost() throws IOException {
        Path file = providers("{identity: {}}");
        try (EmbeddedApiServer server = EmbeddedApiServer.start(
                        SystemRuntime.instance(),
                        new MemoryStore(SystemRuntime.instance()),
                        settings -> settings.encrypted(file));
                RestClient client = RestClient.admin(server)) {
            create(client, "plain");
            assertThat(form(server, "secrets/default/plain"))
                    .startsWith("k8s\0")
                    .contains("telltale");

            providers(OLD, "{identity: {}}");
            await().atMost(LIMIT).untilAsserted(() -> {
                client.delete(SECRETS + "/first");
                create(client, "first");
                assertThat(form(server, "secrets/default/first"))
                        .startsWith("k8s:enc:aescbc:v1:old:")
                        .doesNotContain("telltale");
            });
            assertReadable(client, "first");
            assertReadable(client, "plain");
            client.post("/api/v1/namespaces/default/configmaps", "{\"metadata\":{\"name\":\"c\"}}");
            assertThat(form(server, "configmaps/default/c")).startsWith("k8s\0");

            String version = version(client, "plain");
            client.patch(SECRETS + "/plain", "{}");
            assertThat(form(server, "secrets/default/plain")).startsWith("k8s:enc:aescbc:v1:old:");
            assertThat(version(client, "plain")).as("written anew").isNotEqualTo(version);
            String sealed = version(client, "plain");
            client.patch(SECRETS + "/plain", "{}");
            assertThat(version(client, "plain")).as("once").isEqualTo(sealed);

            providers(NEW, OLD);
            server.restart();
            assertReadable(client, "first");
            assertReadable(client, "plain");
            client.patch(SECRETS + "/first", "{}");
            client.patch(SECRETS + "/plain", "{}");
            assertThat(form(server, "secrets/default/first")).startsWith("k8s:enc:secretbox:v1:new:");

            providers(NEW);
            server.restart();
            assertReadable(client, "first");
            assertReadable(client, "plain");
            assertThat(client.get(SECRETS).json().path("items").size()).isEqualTo(2);
        }
    }

    private static String version(RestClient client, String name) {
        return client.get(SECRETS + "/" + name)
                .json()
                .path("metadata")
                .path("resourceVersion")
                .asString();
    }
}
