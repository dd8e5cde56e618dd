package io.jollyboat.apiserver.rest;

import io.jollyboat.errors.ApiException;
import java.util.Optional;

/** A server without schemas. */
public final class NoOpenApi implements OpenApiDocuments {
    private static ApiException missing() {
        return ApiException.of(501, "NotImplemented", "OpenAPI documents are not served yet");
    }

    @Override
    public byte[] v2(boolean protobuf) {
        throw missing();
    }

    @Override
    public byte[] v3Index() {
        throw missing();
    }

    @Override
    public Optional<byte[]> v3(String path, boolean protobuf) {
        throw missing();
    }

    @Override
    public String v3Hash(String path) {
        throw missing();
    }
}
