package io.jollyboat.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.storage.ForwardingStore;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.apiserver.storage.WriteResult;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A pod that runs nowhere is marked, then removed; who clears such pods away may come in between. */
class DeletionRaceTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final ByteString KEY = ByteString.copyFromUtf8("/registry/pods/default/lonely");

    @Test
    void whoComesSecondIsToldOfSuccess() {
        Answer answer = deleted(Meanwhile.REMOVE);
        assertThat(answer.code()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("metadata").path("name").asString()).isEqualTo("lonely");
    }

    @Test
    void anotherPodOfThatNameStays() {
        Runtime runtime = SystemRuntime.instance();
        RacingStore store = new RacingStore(new MemoryStore(runtime), Meanwhile.REPLACE);
        try (EmbeddedApiServer server = EmbeddedApiServer.start(runtime, store);
                RestClient client = RestClient.admin(server)) {
            String second = create(client, "second");
            store.replacement = store.range(RangeRequest.key(key("second")))
                    .join()
                    .entries()
                    .getFirst()
                    .value();
            create(client, "lonely");
            assertThat(client.delete(PODS + "/lonely?gracePeriodSeconds=0").code())
                    .isEqualTo(200);
            assertThat(client.get(PODS + "/lonely")
                            .json()
                            .path("metadata")
                            .path("uid")
                            .asString())
                    .isEqualTo(second);
        }
    }

    private static Answer deleted(Meanwhile meanwhile) {
        Runtime runtime = SystemRuntime.instance();
        RacingStore store = new RacingStore(new MemoryStore(runtime), meanwhile);
        try (EmbeddedApiServer server = EmbeddedApiServer.start(runtime, store);
                RestClient client = RestClient.admin(server)) {
            create(client, "lonely");
            return client.delete(PODS + "/lonely?gracePeriodSeconds=0");
        }
    }

    private static String create(RestClient client, String name) {
        client.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        Answer created = client.post(
                PODS,
                "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"automountServiceAccountToken\":false,"
                        + "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        return created.json().path("metadata").path("uid").asString();
    }

    private static ByteString key(String name) {
        return ByteString.copyFromUtf8("/registry/pods/default/" + name);
    }

    private enum Meanwhile {
        REMOVE,
        REPLACE
    }

    /** As soon as the pod is changed, somebody else has removed or replaced it. */
    private static final class RacingStore extends ForwardingStore {
        private final Meanwhile meanwhile;
        private volatile ByteString replacement;

        RacingStore(KeyValueStore store, Meanwhile meanwhile) {
            super(store);
            this.meanwhile = meanwhile;
        }

        @Override
        public CompletableFuture<WriteResult> put(ByteString key, ByteString value, long expected, long lease) {
            CompletableFuture<WriteResult> put = store.put(key, value, expected, lease);
            return !key.equals(KEY) || expected == 0 ? put : put.thenCompose(this::race);
        }

        private CompletableFuture<WriteResult> race(WriteResult marked) {
            return (switch (meanwhile) {
                        case REMOVE -> store.delete(KEY, marked.revision());
                        case REPLACE -> store.put(KEY, replacement, marked.revision(), 0);
                    })
                    .thenApply(done -> marked);
        }
    }
}
