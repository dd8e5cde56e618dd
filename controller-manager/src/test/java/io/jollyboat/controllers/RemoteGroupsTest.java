package io.jollyboat.controllers;

import static io.jollyboat.controllers.OtherServer.FLUNDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.core.v1.ResourceQuotaSpec;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.quota.Amounts;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.values.Quantities;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects that another API server keeps are owners, dependents, counted, and deleted with their namespace. */
class RemoteGroupsTest {
    private static EmbeddedApiServer server;
    private static OtherServer other;
    private static ControllerManager manager;
    private static ApiClient api;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        api = server.adminClient();
        other = new OtherServer(server);
        manager = new ControllerManager(
                ControllerManagerConfig.embedded("10.200.0.0/16", ControllersContract.QUICK),
                "CA",
                ApiClients.over(
                        server.client(server.pki().controllerManager(), "kube-controller-manager"),
                        SystemRuntime.instance()),
                SystemRuntime.instance(),
                new Metrics());
        manager.start();
    }

    @AfterAll
    static void stop() {
        manager.close();
        other.close();
        server.close();
    }

    @BeforeEach
    void register() {
        other.register();
        eventually(() -> {
            assertThat(api.remote()).hasSize(1).noneMatch(version -> version.getStale());
            assertThat(api.list(FLUNDERS, "none", Selection.ALL).items()).isEmpty();
        });
    }

    @AfterEach
    void unregister() {
        other.unregister();
        eventually(() -> assertThat(api.remote()).isEmpty());
    }

    @Test
    void theirObjectsOwnAndAreOwned() {
        namespace("gc");
        CustomObject owner = flunder("gc", "owner");
        configMap("gc", "owned", owner(owner.getMetadata()));
        flunder("gc", "child", owner(owner.getMetadata()));
        ConfigMap holder = configMap("gc", "holder");
        flunder("gc", "held", owner("v1", "ConfigMap", holder.getMetadata()));

        api.delete(FLUNDERS, ObjectKey.of("gc", "owner"), DeleteOptions.getDefaultInstance());
        eventually(() -> {
            assertThat(find(Types.CONFIG_MAPS, "gc", "owned")).isEmpty();
            assertThat(find(FLUNDERS, "gc", "child")).isEmpty();
        });
        assertThat(find(FLUNDERS, "gc", "held")).isPresent();
        api.delete(Types.CONFIG_MAPS, ObjectKey.of("gc", "holder"), DeleteOptions.getDefaultInstance());
        eventually(() -> assertThat(find(FLUNDERS, "gc", "held")).isEmpty());
    }

    @Test
    void inTheForegroundTheyWaitForTheirDependentsAndOrphansStay() {
        namespace("policies");
        CustomObject owner = flunder("policies", "owner");
        ObjectMeta.Builder blocking = named("policies", "blocking")
                .addFinalizers("example.com/hold")
                .addOwnerReferences(owner(owner.getMetadata()).toBuilder().setBlockOwnerDeletion(true));
        api.create(
                Types.CONFIG_MAPS, ConfigMap.newBuilder().setMetadata(blocking).build());
        api.delete(
                FLUNDERS,
                ObjectKey.of("policies", "owner"),
                DeleteOptions.newBuilder().setPropagationPolicy("Foreground").build());
        eventually(() -> assertThat(find(Types.CONFIG_MAPS, "policies", "blocking")
                        .orElseThrow()
                        .getMetadata()
                        .hasDeletionTimestamp())
                .isTrue());
        assertThat(find(FLUNDERS, "policies", "owner")
                        .orElseThrow()
                        .getMetadata()
                        .getFinalizersList())
                .containsExactly("foregroundDeletion");
        api.patch(
                Types.CONFIG_MAPS,
                ObjectKey.of("policies", "blocking"),
                "",
                ApiClient.PatchKind.MERGE,
                "{\"metadata\":{\"finalizers\":null}}");
        eventually(() -> assertThat(find(FLUNDERS, "policies", "owner")).isEmpty());

        CustomObject left = flunder("policies", "left");
        flunder("policies", "orphan", owner(left.getMetadata()));
        api.delete(
                FLUNDERS,
                ObjectKey.of("policies", "left"),
                DeleteOptions.newBuilder().setPropagationPolicy("Orphan").build());
        eventually(() -> assertThat(find(FLUNDERS, "policies", "left")).isEmpty());
        CustomObject orphan = find(FLUNDERS, "policies", "orphan").orElseThrow();
        assertThat(orphan.getMetadata().getOwnerReferencesList()).isEmpty();
        assertThat(orphan.getContent().toStringUtf8()).isEqualTo("{\"spec\":{\"wood\":\"oak\"}}");
    }

    @Test
    void aNamespaceTakesThemWithIt() {
        namespace("leaving");
        flunder("leaving", "a");
        flunder("leaving", "b");
        api.delete(Types.NAMESPACES, ObjectKey.cluster("leaving"), DeleteOptions.getDefaultInstance());
        eventually(() -> assertThat(find(Types.NAMESPACES, "", "leaving")).isEmpty());
        assertThat(api.list(FLUNDERS, "leaving", Selection.ALL).items()).isEmpty();
    }

    @Test
    void quotasCountThem() {
        namespace("counted");
        flunder("counted", "a");
        flunder("counted", "b");
        ResourceType<ResourceQuota> quotas = Kinds.of(ResourceQuota.class);
        api.create(
                quotas,
                ResourceQuota.newBuilder()
                        .setMetadata(named("counted", "q"))
                        .setSpec(ResourceQuotaSpec.newBuilder()
                                .putHard("count/flunders.wardle.example.com", Quantities.of(5)))
                        .build());
        eventually(() -> assertThat(used("counted")).isEqualTo("count/flunders.wardle.example.com=2"));
        api.delete(FLUNDERS, ObjectKey.of("counted", "a"), DeleteOptions.getDefaultInstance());
        eventually(() -> assertThat(used("counted")).isEqualTo("count/flunders.wardle.example.com=1"));
    }

    private static String used(String namespace) {
        return Amounts.text(api.get(Kinds.of(ResourceQuota.class), ObjectKey.of(namespace, "q"))
                .getStatus()
                .getUsedMap());
    }

    @Test
    void aServerThatIsAwayStopsNothingElse() {
        namespace("away");
        CustomObject owner = flunder("away", "owner");
        configMap("away", "kept", owner(owner.getMetadata()));
        ConfigMap holder = configMap("away", "holder");
        configMap("away", "held", owner("v1", "ConfigMap", holder.getMetadata()));
        other.stop();
        eventually(() -> assertThat(api.remote()).allMatch(version -> version.getStale()));
        // What has nothing to do with that server is collected as ever.
        api.delete(Types.CONFIG_MAPS, ObjectKey.of("away", "holder"), DeleteOptions.getDefaultInstance());
        eventually(() -> assertThat(find(Types.CONFIG_MAPS, "away", "held")).isEmpty());
        assertThat(find(Types.CONFIG_MAPS, "away", "kept")).isPresent();
        api.delete(Types.NAMESPACES, ObjectKey.cluster("away"), DeleteOptions.getDefaultInstance());
        eventually(() -> {
            assertThat(find(Types.NAMESPACES, "", "away")
                            .orElseThrow()
                            .getStatus()
                            .getConditionsList())
                    .anyMatch(condition -> condition.getType().equals("NamespaceDeletionDiscoveryFailure")
                            && condition.getStatus().equals("True")
                            && condition.getReason().equals("DiscoveryFailed")
                            && condition
                                    .getMessage()
                                    .equals("Discovery failed for some groups, 1 failing: unable to retrieve the "
                                            + "complete list of server APIs: wardle.example.com/v1: stale GroupVersion "
                                            + "discovery: wardle.example.com/v1"));
        });
        other.comeBack();
        eventually(() -> assertThat(find(Types.NAMESPACES, "", "away")).isEmpty());
        eventually(
                () -> assertThat(other.own.list(FLUNDERS, "away", Selection.ALL).items())
                        .isEmpty());
    }

    @Test
    void whatNobodyCanAskForAnyMoreIsNotTakenToBeGone() {
        namespace("lost");
        CustomObject owner = flunder("lost", "owner");
        configMap("lost", "kept", owner(owner.getMetadata()));
        CustomObject second = flunder("lost", "second");
        other.unregister();
        eventually(() -> assertThat(api.remote()).isEmpty());
        // A change makes the collector look at it: there is no telling whether the owner is still there.
        configMap("lost", "late", owner(owner.getMetadata()));
        ConfigMap holder = configMap("lost", "holder");
        configMap("lost", "held", owner("v1", "ConfigMap", holder.getMetadata()));
        api.delete(Types.CONFIG_MAPS, ObjectKey.of("lost", "holder"), DeleteOptions.getDefaultInstance());
        eventually(() -> assertThat(find(Types.CONFIG_MAPS, "lost", "held")).isEmpty());
        assertThat(find(Types.CONFIG_MAPS, "lost", "kept")).isPresent();
        assertThat(find(Types.CONFIG_MAPS, "lost", "late")).isPresent();
        // Deleted behind our back; known as soon as there is somebody to ask.
        other.own.delete(FLUNDERS, ObjectKey.of("lost", "owner"), DeleteOptions.getDefaultInstance());
        configMap("lost", "of-second", owner(second.getMetadata()));
        other.register();
        eventually(() -> {
            assertThat(find(Types.CONFIG_MAPS, "lost", "kept")).isEmpty();
            assertThat(find(Types.CONFIG_MAPS, "lost", "late")).isEmpty();
        });
        assertThat(find(Types.CONFIG_MAPS, "lost", "of-second")).isPresent();
        other.own.delete(FLUNDERS, ObjectKey.of("lost", "second"), DeleteOptions.getDefaultInstance());
        eventually(
                () -> assertThat(find(Types.CONFIG_MAPS, "lost", "of-second")).isEmpty());
    }

    private static void namespace(String name) {
        Namespace namespace =
                Namespace.newBuilder().setMetadata(named("", name)).build();
        api.create(Types.NAMESPACES, namespace);
        other.own.create(Types.NAMESPACES, namespace);
    }

    private static ConfigMap configMap(String namespace, String name, OwnerReference... owners) {
        return api.create(
                Types.CONFIG_MAPS,
                ConfigMap.newBuilder()
                        .setMetadata(named(namespace, name).addAllOwnerReferences(java.util.List.of(owners)))
                        .build());
    }

    private static CustomObject flunder(String namespace, String name, OwnerReference... owners) {
        return api.create(
                FLUNDERS,
                CustomObject.newBuilder()
                        .setMetadata(named(namespace, name).addAllOwnerReferences(java.util.List.of(owners)))
                        .setContent(ByteString.copyFromUtf8("{\"spec\":{\"wood\":\"oak\"}}"))
                        .build());
    }

    private static ObjectMeta.Builder named(String namespace, String name) {
        return ObjectMeta.newBuilder().setNamespace(namespace).setName(name);
    }

    private static OwnerReference owner(ObjectMeta flunder) {
        return owner("wardle.example.com/v1", "Flunder", flunder);
    }

    private static OwnerReference owner(String apiVersion, String kind, ObjectMeta owner) {
        return OwnerReference.newBuilder()
                .setApiVersion(apiVersion)
                .setKind(kind)
                .setName(owner.getName())
                .setUid(owner.getUid())
                .build();
    }

    private static <T extends Message> Optional<T> find(ResourceType<T> type, String namespace, String name) {
        try {
            return Optional.of(api.get(type, ObjectKey.of(namespace, name)));
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void eventually(ThrowingRunnable check) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(ApiException.class)
                .untilAsserted(check);
    }
}
