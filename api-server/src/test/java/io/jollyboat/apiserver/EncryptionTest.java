package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.kms.envelope.v2.EncryptedDEKSourceType;
import io.jollyboat.kms.envelope.v2.EncryptedObject;
import io.jollyboat.runtime.SystemRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    private String kms(String name) {
        return "{kms: {apiVersion: v2, name: " + name + ", endpoint: \"unix://" + folder.resolve(name + ".sock")
                + "\", timeout: 500ms}}";
    }

    private static EmbeddedApiServer serving(Path file) {
        return EmbeddedApiServer.start(
                SystemRuntime.instance(),
                new MemoryStore(SystemRuntime.instance()),
                settings -> settings.encrypted(file));
    }

    @Test
    void aServiceKeepsTheKey() throws IOException {
        try (KmsPluginServer plugin = new KmsPluginServer(folder.resolve("vault.sock"), "key-1");
                EmbeddedApiServer server = serving(providers(kms("vault"), "{identity: {}}"));
                RestClient client = RestClient.admin(server)) {
            assertThat(client.get("/readyz/kms-providers").text()).isEqualTo("ok");
            create(client, "one");
            ByteString sealed = stored(server, "secrets/default/one");
            String head = "k8s:enc:kms:v2:vault:";
            assertThat(sealed.toString(StandardCharsets.ISO_8859_1))
                    .startsWith(head)
                    .doesNotContain("telltale");
            EncryptedObject object = EncryptedObject.parseFrom(sealed.substring(head.length()));
            assertThat(object.getKeyID()).isEqualTo("key-1");
            assertThat(object.getEncryptedDEKSourceType())
                    .isEqualTo(EncryptedDEKSourceType.HKDF_SHA256_XNONCE_AES_GCM_SEED);
            assertThat(object.getAnnotationsMap()).containsOnlyKeys("kms.example.com");
            assertReadable(client, "one");
            assertThat(plugin.decryptions()).as("known from writing").isZero();

            // After a restart the key is asked for once, however many values there are.
            create(client, "two");
            server.restart();
            assertReadable(client, "one");
            assertReadable(client, "two");
            assertThat(plugin.decryptions()).isEqualTo(1);

            // The service changes its key: what was written holds, what is written is by the new one.
            plugin.useKey("key-2");
            server.restart();
            String version = version(client, "one");
            client.patch(SECRETS + "/one", "{}");
            assertThat(version(client, "one")).as("written anew").isNotEqualTo(version);
            assertThat(EncryptedObject.parseFrom(
                                    stored(server, "secrets/default/one").substring(head.length()))
                            .getKeyID())
                    .isEqualTo("key-2");
            assertReadable(client, "one");
            assertReadable(client, "two");
        }
    }

    @Test
    void withoutTheServiceOnlyItsValuesAreMissing() throws IOException {
        Path file = providers(kms("vault"));
        try (KmsPluginServer plugin = new KmsPluginServer(folder.resolve("vault.sock"), "key-1");
                EmbeddedApiServer server = serving(file);
                RestClient client = RestClient.admin(server)) {
            create(client, "one");
            plugin.refuse(true);
            server.restart();
            RestClient.Answer lost = client.get(SECRETS + "/one");
            assertThat(lost.code()).isEqualTo(500);
            assertThat(lost.message())
                    .isEqualTo(
                            "Internal error occurred: unable to transform key \"/registry/secrets/default/one\": failed"
                                    + " to decrypt DEK, error: rpc error: code = UNAVAILABLE desc = sealed");
            assertThat(client.get(SECRETS).code()).isEqualTo(500);
            create(client, "two");
            plugin.refuse(false);
            plugin.health("sick");
            Files.writeString(file, "# once more\n", StandardOpenOption.APPEND);
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(client.get("/readyz/kms-providers").text())
                                    .isEqualTo(
                                            "internal server error: kmsv2 Provider vault is not healthy, error: got unexpected"
                                                    + " healthz status: sick\n"));
            assertThat(client.get("/readyz").code()).isEqualTo(500);
            plugin.health("ok");
            Files.writeString(file, "# and again\n", StandardOpenOption.APPEND);
            await().atMost(LIMIT).untilAsserted(() -> {
                assertReadable(client, "one");
                assertThat(client.get("/readyz").code()).isEqualTo(200);
            });
            assertThat(client.get(SECRETS).json().path("items").size()).isEqualTo(2);
        }
    }

    @Test
    void aKeyThatComesBackBringsItsValuesBack() throws IOException {
        Path file = providers(OLD);
        try (EmbeddedApiServer server = serving(file);
                RestClient client = RestClient.admin(server)) {
            create(client, "first");
            providers(NEW);
            server.restart();
            assertThat(client.get(SECRETS + "/first").message())
                    .isEqualTo("Internal error occurred: unable to transform key"
                            + " \"/registry/secrets/default/first\": no matching prefix found");
            assertThat(client.get(SECRETS).code()).isEqualTo(500);
            assertThat(client.get("/api/v1/secrets?watch=1&timeoutSeconds=1&sendInitialEvents=true"
                                    + "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")
                            .code())
                    .isEqualTo(500);
            assertThat(client.delete(SECRETS + "/first").code()).isEqualTo(500);
            create(client, "second");
            assertReadable(client, "second");
            providers(NEW, OLD);
            await().atMost(LIMIT).untilAsserted(() -> assertReadable(client, "first"));
            assertThat(client.get(SECRETS).json().path("items").size()).isEqualTo(2);
        }
    }

    @Test
    void filesOfPluginsAreChecked() throws IOException {
        Path file =
                providers("{kms: {name: \"a:b\", endpoint: \"tcp://x\", timeout: 0s, apiVersion: v2, cachesize: 3}}");
        assertThatThrownBy(() -> serving(file))
                .hasMessageContainingAll(
                        "invalid KMS provider name a:b, must not contain ':'",
                        "timeout should be a positive value",
                        "only unix is supported",
                        "cachesize is not supported in v2");
        providers("{kms: {name: a, endpoint: \"unix:///x\"}}");
        assertThatThrownBy(() -> serving(file)).hasMessageContaining("KMSv1 is deprecated");
        providers(kms("a"), kms("a"));
        assertThatThrownBy(() -> serving(file))
                .hasMessageContaining("duplicate KMS provider name a, names must be unique");
    }

    private static String version(RestClient client, String name) {
        return client.get(SECRETS + "/" + name)
                .json()
                .path("metadata")
                .path("resourceVersion")
                .asString();
    }
}
