package io.jollyboat.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.SystemRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ObjectStorageTest {
    private final DelayedStore store = new DelayedStore(new MemoryStore(SystemRuntime.instance()));
    private TestObjects objects;

    @BeforeEach
    void start() {
        objects = new TestObjects(store, SystemRuntime.instance());
    }

    @AfterEach
    void stop() {
        objects.close();
        store.close();
    }

    @Test
    void createReadsBackAndRefusesASecond() {
        Entry created = objects.create("ns/a", "1");
        assertThat(created.meta().getResourceVersion()).isEqualTo(Long.toString(created.revision()));
        assertThat(objects.maps.get("ns/a").object()).isEqualTo(created.object());
        assertThat(objects.maps.get("ns/b")).isNull();
        assertThatThrownBy(() -> objects.create("ns/a", "2")).isInstanceOfSatisfying(ApiException.class, e -> {
            assertThat(e.code()).isEqualTo(409);
            assertThat(e).hasMessage("configmaps \"a\" already exists");
            assertThat(e.status().getDetails().getKind()).isEqualTo("configmaps");
        });
    }

    @Test
    void entryOfAWriteIsTheCachesToo() {
        Entry created = objects.create("ns/a", "1");
        objects.awaitRevision(created.revision());
        assertThat(objects.cache.get("ns/a")).isSameAs(created);
    }

    @Test
    void updateStartsFromAStaleCacheAndStillLosesNothing() {
        Entry created = objects.create("ns/a", "1");
        objects.awaitRevision(created.revision());
        store.hold();
        objects.set("ns/a", "2");
        List<String> seen = new ArrayList<>();
        Entry appended = objects.maps.update("ns/a", Preconditions.NONE, false, 0, old -> {
            seen.add(TestObjects.value(old));
            return TestObjects.map("ns/a", TestObjects.value(old) + "+", Map.of());
        });
        assertThat(seen).containsExactly("1", "2");
        assertThat(TestObjects.value(appended)).isEqualTo("2+");
        assertThat(appended.createRevision()).isEqualTo(created.revision());
        assertThat(TestObjects.value(objects.cache.get("ns/a")))
                .as("still held back")
                .isEqualTo("1");
        store.release();
        objects.awaitRevision(appended.revision());
        assertThat(TestObjects.value(objects.cache.get("ns/a"))).isEqualTo("2+");
    }

    @Test
    void refusalOfAStaleStateIsTriedWithTheNewest() {
        Entry created = objects.create("ns/a", "1");
        objects.awaitRevision(created.revision());
        store.hold();
        objects.set("ns/a", "2");
        Entry done = objects.maps.update("ns/a", Preconditions.NONE, false, 0, old -> {
            if (TestObjects.value(old).equals("1")) {
                throw ApiException.badRequest("not from 1");
            }
            return TestObjects.map("ns/a", "3", Map.of());
        });
        assertThat(TestObjects.value(done)).isEqualTo("3");
        assertThatThrownBy(() -> objects.maps.update("ns/a", Preconditions.NONE, false, 0, old -> {
                    throw ApiException.badRequest("never from " + TestObjects.value(old));
                }))
                .hasMessage("never from 3");
    }

    @Test
    void unchangedObjectIsNotWritten() {
        Entry created = objects.create("ns/a", "1");
        objects.awaitRevision(created.revision());
        assertThat(objects.set("ns/a", "1").revision()).isEqualTo(created.revision());
        assertThat(objects.maps
                        .update("ns/a", Preconditions.NONE, false, 0, old -> null)
                        .revision())
                .isEqualTo(created.revision());
        store.hold();
        Entry second = objects.set("ns/a", "2");
        assertThat(objects.set("ns/a", "1").revision())
                .as("equal to the stale state only")
                .isGreaterThan(second.revision());
    }

    @Test
    void preconditionsGuardUpdateAndDelete() {
        Entry created = objects.create("ns/a", "1");
        assertThatThrownBy(() -> objects.maps.delete("ns/a", new Preconditions("other", null), old -> {}))
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.isConflict()).isTrue();
                    assertThat(e)
                            .hasMessage(
                                    "Operation cannot be fulfilled on configmaps \"a\": StorageError: invalid object, "
                                            + "Code: 4, Key: /registry/configmaps/ns/a, ResourceVersion: 0, AdditionalErrorMsg: "
                                            + "Precondition failed: UID in precondition: other, UID in object meta: uid-ns/a");
                });
        String version = Long.toString(created.revision());
        Entry updated = objects.maps.update(
                "ns/a",
                new Preconditions("uid-ns/a", version),
                false,
                0,
                old -> TestObjects.map("ns/a", "2", Map.of()));
        assertThatThrownBy(() -> objects.maps.update("ns/a", new Preconditions(null, version), false, 0, old -> null))
                .hasMessageContaining("ResourceVersion in precondition: " + version
                        + ", ResourceVersion in object meta: " + updated.revision());
        Entry deleted = objects.maps.delete("ns/a", new Preconditions(null, "" + updated.revision()), old -> {});
        assertThat(deleted.revision()).isGreaterThan(updated.revision());
        assertThat(TestObjects.value(deleted)).isEqualTo("2");
        assertThatThrownBy(() -> objects.delete("ns/a")).hasMessage("configmaps \"a\" not found");
        assertThatThrownBy(() -> objects.set("ns/a", "3")).hasMessage("configmaps \"a\" not found");
    }

    @Test
    void updateMayCreate() {
        Entry made = objects.maps.update("ns/new", Preconditions.NONE, true, 0, old -> {
            assertThat(old).isNull();
            return TestObjects.map("ns/new", "1", Map.of());
        });
        assertThat(made.createRevision()).isEqualTo(made.revision());
        assertThat(objects.maps.update("ns/none", Preconditions.NONE, true, 0, old -> null))
                .isNull();
    }

    @Test
    void objectsWithATimeToLiveVanish() {
        Entry created = objects.maps.create("ns/event", TestObjects.map("ns/event", "1", Map.of()), 1);
        objects.awaitRevision(created.revision());
        await().atMost(TestObjects.DEADLINE).until(() -> objects.cache.get("ns/event") == null);
    }

    @Test
    void readsSeeEveryAcknowledgedWrite() {
        store.hold();
        Entry created = objects.create("ns/a", "1");
        assertThat(objects.cache.get("ns/a")).isNull();
        SystemRuntime.instance().start("release", () -> {
            await().atMost(TestObjects.DEADLINE).until(store::asked);
            store.release();
        });
        assertThat(objects.maps.get("ns/a").revision()).isEqualTo(created.revision());
    }
}
