package io.jollyboat.controllers.garbage;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.ApiClient.PatchKind;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.Optional;

/**
 * Objects of any kind, as the API server has them now. The place where custom resources will join: a kind that is not
 * known here is not touched.
 */
final class LiveObjects {
    private final ApiClient client;

    LiveObjects(ApiClient client) {
        this.client = client;
    }

    /** Empty for a kind that is not known. */
    Optional<ResourceType<?>> type(String apiVersion, String kind) {
        return Kinds.builtIn().byKind(apiVersion, kind);
    }

    ObjectMeta get(ResourceType<?> type, ObjectKey key) {
        return meta(type, key);
    }

    private <T extends Message> ObjectMeta meta(ResourceType<T> type, ObjectKey key) {
        return type.meta(client.get(type, key));
    }

    void patch(ResourceType<?> type, ObjectKey key, PatchKind kind, String patch) {
        client.patch(type, key, "", kind, patch);
    }

    void delete(ResourceType<?> type, ObjectKey key, DeleteOptions options) {
        client.delete(type, key, options);
    }
}
