package io.jollyboat.apiserver.rest;

import java.util.Optional;

/** The OpenAPI documents. */
public interface OpenApiDocuments {
    /** {@code /openapi/v2}: as gnostic's protobuf, or as JSON. */
    byte[] v2(boolean protobuf);

    /** Stands for the state of {@link #v2}. */
    String v2Hash();

    /** {@code /openapi/v3}: the index of the documents. */
    byte[] v3Index();

    /**
     * One group and version's document.
     *
     * @param path such as {@code api/v1} or {@code apis/apps/v1}; empty for one that is not served
     */
    Optional<byte[]> v3(String path, boolean protobuf);

    /** The hash that the index names a document by. */
    String v3Hash(String path);
}
