package io.jollyboat.apiserver.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.meta.v1.ManagedFieldsEntry;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.apiserver.managed.FieldTracking.Applied;
import io.jollyboat.apiserver.managed.FieldTracking.Write;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class FieldTrackingTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Schemas SCHEMAS =
            new Schemas((type, version) -> Optional.empty(), (from, object, to) -> object, type -> null);
    private static final ObjectSchema DEPLOYMENTS = SCHEMAS.of(Kinds.of(Deployment.class));
    private static final ObjectSchema MAPS = SCHEMAS.of(Kinds.of(ConfigMap.class));

    /** An object with its entries, as the server would keep it. */
    private record Kept(Message object, List<ManagedFieldsEntry> entries) {}

    private static Write write(ObjectSchema schema, String manager, long seconds) {
        return new Write(
                schema, "", manager, Time.newBuilder().setSeconds(seconds).build());
    }

    private static Kept apply(Kept live, ObjectSchema schema, String manager, JsonNode body) {
        Applied applied = FieldTracking.applied(
                write(schema, manager, 1),
                live == null ? null : live.object,
                live == null ? List.of() : live.entries,
                body,
                false);
        return new Kept(applied.object(), applied.entries());
    }

    private static JsonNode map(String fields) {
        return JSON.readTree(
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"}," + fields + "}");
    }

    @Test
    void mergesTheOldestUpdatersBeyondTheTenth() {
        Message object = MAPS.empty();
        List<ManagedFieldsEntry> entries = List.of();
        for (int i = 0; i < 15; i++) {
            Message next =
                    ((ConfigMap) object).toBuilder().putData("k" + i, "v").build();
            Write write = write(MAPS, "m%02d".formatted(i), 100 + i);
            entries = i == 0
                    ? FieldTracking.created(write, next, List.of())
                    : FieldTracking.updated(write, object, entries, next, entries);
            object = next;
        }
        assertThat(entries).hasSize(10);
        ManagedFieldsEntry oldest = entries.getFirst();
        assertThat(oldest.getManager()).isEqualTo("ancient-changes");
        assertThat(oldest.getTime().getSeconds()).isEqualTo(105);
        assertThat(oldest.getFieldsV1().getRaw().toStringUtf8())
                .isEqualTo(
                        "{\"f:data\":{\".\":{},\"f:k0\":{},\"f:k1\":{},\"f:k2\":{},\"f:k3\":{},\"f:k4\":{},\"f:k5\":{}}}");
    }

    @Test
    void keepsEntriesThatDidNotChangeAndTheirBytes() {
        Message first = ConfigMap.newBuilder().putData("a", "1").build();
        List<ManagedFieldsEntry> entries = FieldTracking.created(write(MAPS, "one", 1), first, List.of());
        assertThat(FieldTracking.updated(write(MAPS, "two", 2), first, entries, first, List.of()))
                .isSameAs(entries);
        Message second =
                ConfigMap.newBuilder().putData("a", "1").putData("b", "1").build();
        List<ManagedFieldsEntry> after =
                FieldTracking.updated(write(MAPS, "two", 2), first, entries, second, List.of());
        assertThat(after.getFirst()).isSameAs(entries.getFirst());
    }

    @Test
    void dropsOwnersOfVersionsThatAreNotServed() {
        Message first = ConfigMap.newBuilder().putData("a", "1").build();
        List<ManagedFieldsEntry> entries = FieldTracking.created(write(MAPS, "one", 1), first, List.of());
        ManagedFieldsEntry old = entries.getFirst().toBuilder()
                .setApiVersion("v1beta1")
                .setManager("old")
                .build();
        Message second = ConfigMap.newBuilder().putData("a", "2").build();
        assertThat(FieldTracking.updated(
                        write(MAPS, "two", 2), first, List.of(old, entries.getFirst()), second, List.of()))
                .extracting(ManagedFieldsEntry::getManager)
                .containsExactly("one", "two");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"dat\":{}|.dat: field not declared in schema",
                "\"data\":5|.data: expected map, got &{5}",
                "\"data\":{\"a\":5}|.data.a: expected string, got &value.valueUnstructured{Value:5}",
                "\"immutable\":\"x\"|.immutable: expected boolean, got &{x}",
                "\"data\":[\"a\",\"b\"]|.data: expected map, got &{[a b]}"
            })
    void saysWhatIsNotOfTheType(String fields, String fault) {
        assertThatThrownBy(() -> apply(null, MAPS, "m", map(fields)))
                .isInstanceOf(ApiException.class)
                .hasMessage("failed to create typed patch object (/m; /v1, Kind=ConfigMap): " + fault);
    }

    @Test
    void kubectlTakesOverWhatItAppliedOnTheClientSide() {
        String note =
                "{\\\"apiVersion\\\":\\\"v1\\\",\\\"kind\\\":\\\"ConfigMap\\\",\\\"data\\\":{\\\"a\\\":\\\"1\\\"}}";
        String annotated = "\"data\":{\"a\":\"1\"},\"metadata\":{\"name\":\"m\",\"annotations\":"
                + "{\"kubectl.kubernetes.io/last-applied-configuration\":\"" + note + "\"}}";
        Message live = MAPS.message(map(annotated));
        List<ManagedFieldsEntry> entries =
                FieldTracking.created(write(MAPS, "kubectl-client-side-apply", 1), live, List.of());
        Kept before = new Kept(live, entries);
        JsonNode wanted = map("\"data\":{\"a\":\"2\"}");
        assertThatThrownBy(() -> apply(before, MAPS, "other", wanted))
                .hasMessage(
                        "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using v1: .data.a");
        Kept after = apply(before, MAPS, "kubectl", wanted);
        assertThat(((ConfigMap) after.object).getDataMap()).containsEntry("a", "2");
        assertThat(((ConfigMap) after.object).getMetadata().getAnnotationsMap().values())
                .containsExactly("{\"apiVersion\":\"v1\",\"data\":{\"a\":\"2\"},\"kind\":\"ConfigMap\","
                        + "\"metadata\":{\"name\":\"m\"}}\n");
    }

    // Properties, on deployments with random fields.

    private static JsonNode deployment(Random random, Predicate<String> field) {
        ObjectNode object = JSON.createObjectNode();
        object.put("apiVersion", "apps/v1").put("kind", "Deployment");
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", "d");
        labels(random, metadata, "labels", field);
        if (field.test("finalizers") && random.nextBoolean()) {
            metadata.putArray("finalizers").add("x.io/" + random.nextInt(2));
        }
        ObjectNode spec = object.putObject("spec");
        if (field.test("replicas") && random.nextBoolean()) {
            spec.put("replicas", random.nextInt(3));
        }
        ArrayNode containers = JSON.createArrayNode();
        for (String name : List.of("a", "b", "c")) {
            if (field.test("container " + name) && random.nextBoolean()) {
                ObjectNode container = containers.addObject();
                container.put("name", name);
                container.put("image", "i" + random.nextInt(2));
                if (random.nextBoolean()) {
                    container.putArray("args").add("x" + random.nextInt(2));
                }
                ArrayNode ports = container.putArray("ports");
                for (int port = 80; port < 83; port++) {
                    if (random.nextBoolean()) {
                        ports.addObject().put("containerPort", port);
                    }
                }
                if (ports.isEmpty()) {
                    container.remove("ports");
                }
            }
        }
        if (!containers.isEmpty()) {
            spec.putObject("template").putObject("spec").set("containers", containers);
        }
        if (spec.isEmpty()) {
            object.remove("spec");
        }
        return object;
    }

    private static void labels(Random random, ObjectNode owner, String name, Predicate<String> field) {
        ObjectNode labels = JSON.createObjectNode();
        for (String key : List.of("k", "l", "m")) {
            if (field.test("label " + key) && random.nextBoolean()) {
                labels.put(key, "v" + random.nextInt(2));
            }
        }
        if (!labels.isEmpty()) {
            owner.set(name, labels);
        }
    }

    @Test
    void anAppliedObjectAppliedAgainChangesNothing() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Kept live = apply(null, DEPLOYMENTS, "one", deployment(random, field -> true));
            live = applyIfFree(live, "two", deployment(random, field -> true));
            JsonNode body = deployment(random, field -> true);
            Kept once = applyIfFree(live, "one", body);
            if (!once.equals(live)) {
                Kept twice = apply(once, DEPLOYMENTS, "one", body);
                assertThat(DEPLOYMENTS.tree(twice.object)).as("seed %d", seed).isEqualTo(DEPLOYMENTS.tree(once.object));
                assertThat(twice.entries).as("seed %d", seed).isEqualTo(once.entries);
            }
        }
    }

    private static Kept applyIfFree(Kept live, String manager, JsonNode body) {
        try {
            return apply(live, DEPLOYMENTS, manager, body);
        } catch (ApiException e) {
            assertThat(e.code()).isEqualTo(409);
            return live;
        }
    }

    @Test
    void whoOwnsDifferentFieldsMayApplyInAnyOrder() {
        Predicate<String> ones = field -> Math.floorMod(field.hashCode(), 2) == 0;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            JsonNode one = deployment(random, ones);
            JsonNode two = deployment(random, ones.negate());
            JsonNode three = deployment(random, ones);
            Kept start = apply(null, DEPLOYMENTS, "one", three);
            Kept left = apply(apply(start, DEPLOYMENTS, "one", one), DEPLOYMENTS, "two", two);
            Kept right = apply(apply(start, DEPLOYMENTS, "two", two), DEPLOYMENTS, "one", one);
            assertThat(left.entries).as("seed %d", seed).isEqualTo(right.entries);
            // Elements of different owners may stand in another order.
            FieldType type = DEPLOYMENTS.type();
            assertThat(TreeComparer.compare(type, DEPLOYMENTS.tree(left.object), DEPLOYMENTS.tree(right.object))
                            .isSame())
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void whoAppliesNothingMoreOwnsNothingAndLeavesNothing() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            JsonNode others = deployment(random, field -> field.startsWith("label"));
            Kept live = apply(null, DEPLOYMENTS, "other", others);
            Kept full = apply(live, DEPLOYMENTS, "one", deployment(random, field -> !field.startsWith("label")));
            Kept after = apply(full, DEPLOYMENTS, "one", deployment(random, field -> false));
            List<String> managers = new ArrayList<>();
            after.entries.forEach(entry -> managers.add(entry.getManager()));
            assertThat(managers).as("seed %d", seed).doesNotContain("one");
            assertThat(TreeFields.of(DEPLOYMENTS.type(), DEPLOYMENTS.tree(live.object)))
                    .as("seed %d", seed)
                    .isEqualTo(TreeFields.of(DEPLOYMENTS.type(), DEPLOYMENTS.tree(after.object)));
        }
    }
}
