package io.jollyboat.apiserver.cache;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.errors.ApiException;

/** What stands in the way of a read or write, in upstream's words. */
final class StorageErrors {
    private StorageErrors() {}

    static ApiException notFound(StoredResource resource, String key) {
        return ApiException.notFound(resource.group(), resource.plural(), name(key));
    }

    static ApiException alreadyExists(StoredResource resource, String key) {
        return about(resource, key, "AlreadyExists", quoted(resource, key) + " already exists");
    }

    /** @param detail such as {@code Precondition failed: …} */
    static ApiException invalidObject(StoredResource resource, String key, String detail) {
        return about(
                resource,
                key,
                "Conflict",
                "Operation cannot be fulfilled on " + quoted(resource, key)
                        + ": StorageError: invalid object, Code: 4, Key: " + resource.prefix() + key
                        + ", ResourceVersion: 0, AdditionalErrorMsg: " + detail);
    }

    private static ApiException about(StoredResource resource, String key, String reason, String message) {
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage(message)
                .setReason(reason)
                .setDetails(StatusDetails.newBuilder()
                        .setName(name(key))
                        .setGroup(resource.group())
                        .setKind(resource.plural()))
                .setCode(409)
                .build());
    }

    private static String quoted(StoredResource resource, String key) {
        String qualified = resource.group().isEmpty() ? resource.plural() : resource.plural() + "." + resource.group();
        return qualified + " \"" + name(key) + "\"";
    }

    private static String name(String key) {
        return key.substring(key.indexOf('/') + 1);
    }
}
