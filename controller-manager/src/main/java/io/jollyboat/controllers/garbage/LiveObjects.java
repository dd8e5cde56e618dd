package io.jollyboat.controllers.garbage;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.ApiClient.PatchKind;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Objects of any kind, as the API server has them now. A kind that is not known here is not touched. */
final class LiveObjects {
    private final ApiClient client;
    /** By group and kind: any version of an object will do. */
    private final Map<String, ResourceType<?>> custom = new ConcurrentHashMap<>();

    LiveObjects(ApiClient client) {
        this.client = client;
    }

    /** Empty for a kind that is not known. */
    Optional<ResourceType<?>> type(String apiVersion, String kind) {
        return Kinds.builtIn().byKind(apiVersion, kind).or(() -> {
            int slash = apiVersion.indexOf('/');
            return Optional.ofNullable(custom.get(apiVersion.substring(0, Math.max(slash, 0)) + " " + kind));
        });
    }

    /** Knows a custom resource from now on. False when it did already. */
    boolean learn(ResourceType<?> type) {
        return custom.putIfAbsent(type.group() + " " + type.kind(), type) == null;
    }

    void forget(ResourceType<?> type) {
        custom.remove(type.group() + " " + type.kind(), type);
    }

    /**
     * The object's metadata now.
     *
     * @throws ApiException 404 where there is no such object; 503 where nobody serves the kind just now, which says
     *     nothing about the object
     */
    ObjectMeta get(ResourceType<?> type, ObjectKey key) {
        try {
            return meta(type, key);
        } catch (ApiException e) {
            if (e.isNotFound()
                    && type.isCustom()
                    && e.status().getDetails().getName().isEmpty()) {
                throw ApiException.of(503, "ServiceUnavailable", type.qualifiedResource() + " is not served");
            }
            throw e;
        }
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
