package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.ApiClient.WatchListener;
import io.jollyboat.client.Selection;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The components' door: the same objects, rights and refusals as over REST. */
class GrpcDoorTest {
    private static final ResourceType<ConfigMap> CONFIG_MAPS = Kinds.of(ConfigMap.class);

    private static EmbeddedApiServer server;
    private static ApiClient admin;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        admin = server.adminClient();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ConfigMap named(String name) {
        return ConfigMap.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setNamespace("default").setName(name))
                .build();
    }

    @Test
    void writesWhatRestReads() {
        ConfigMap created = admin.create(CONFIG_MAPS, named("one"));
        assertThat(created.getMetadata().getUid()).isNotEmpty();
        try (RestClient rest = RestClient.admin(server)) {
            assertThat(rest.get("/api/v1/namespaces/default/configmaps/one")
                            .json()
                            .path("metadata")
                            .path("uid")
                            .asString())
                    .isEqualTo(created.getMetadata().getUid());
        }
        ConfigMap changed =
                admin.update(CONFIG_MAPS, created.toBuilder().putData("a", "b").build());
        ApiException stale = catchThrowableOfType(
                ApiException.class,
                () -> admin.update(
                        CONFIG_MAPS, created.toBuilder().putData("a", "c").build()));
        assertThat(stale.isConflict()).isTrue();
        assertThat(stale.getMessage()).contains("the object has been modified");
        ConfigMap patched = admin.patch(
                CONFIG_MAPS, ObjectKey.of("default", "one"), "", ApiClient.PatchKind.MERGE, "{\"data\":{\"c\":\"d\"}}");
        assertThat(patched.getDataMap()).containsEntry("a", "b").containsEntry("c", "d");
        assertThat(patched.getMetadata().getResourceVersion())
                .isNotEqualTo(changed.getMetadata().getResourceVersion());
        admin.delete(CONFIG_MAPS, ObjectKey.of("default", "one"), DeleteOptions.getDefaultInstance());
        ApiException gone =
                catchThrowableOfType(ApiException.class, () -> admin.get(CONFIG_MAPS, ObjectKey.of("default", "one")));
        assertThat(gone.getMessage()).isEqualTo("configmaps \"one\" not found");
    }

    @Test
    void refusesWhatRbacForbids() {
        ApiClient proxy = server.client(server.pki().kubeProxy(), "kube-proxy");
        ApiException refusal =
                catchThrowableOfType(ApiException.class, () -> proxy.create(CONFIG_MAPS, named("forbidden")));
        assertThat(refusal.code()).isEqualTo(403);
        assertThat(refusal.getMessage())
                .isEqualTo("configmaps is forbidden: User \"system:kube-proxy\" cannot create resource \"configmaps\""
                        + " in API group \"\" in the namespace \"default\"");
    }

    @Test
    void watchesInOrder() {
        List<String> seen = new CopyOnWriteArrayList<>();
        String version = admin.list(CONFIG_MAPS, "default", Selection.ALL).resourceVersion();
        try (ApiClient.Watch _ =
                admin.watch(CONFIG_MAPS, "default", Selection.labels("watched=yes"), version, new Recorder(seen))) {
            ConfigMap created = admin.create(
                    CONFIG_MAPS,
                    named("w").toBuilder()
                            .setMetadata(named("w").getMetadata().toBuilder().putLabels("watched", "yes"))
                            .build());
            admin.create(CONFIG_MAPS, named("unwatched"));
            ConfigMap changed = admin.update(
                    CONFIG_MAPS, created.toBuilder().putData("n", "2").build());
            // Ceases to match: for this watch it is gone.
            admin.update(
                    CONFIG_MAPS,
                    changed.toBuilder()
                            .setMetadata(changed.getMetadata().toBuilder().clearLabels())
                            .build());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(seen).containsExactly("+w", "~w", "-w"));
        }
    }

    private record Recorder(List<String> seen) implements WatchListener<ConfigMap> {
        @Override
        public void onAdded(ConfigMap object) {
            seen.add("+" + object.getMetadata().getName());
        }

        @Override
        public void onModified(ConfigMap object) {
            seen.add("~" + object.getMetadata().getName());
        }

        @Override
        public void onDeleted(ConfigMap last) {
            seen.add("-" + last.getMetadata().getName());
        }

        @Override
        public void onBookmark(String resourceVersion) {
            assertThat(resourceVersion).isNotEmpty();
        }

        @Override
        public void onEnd(ApiException error) {
            assertThat(error == null || error.code() == 503).isTrue();
        }
    }
}
