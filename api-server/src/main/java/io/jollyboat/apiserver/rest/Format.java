package io.jollyboat.apiserver.rest;

import java.util.Arrays;
import java.util.Optional;

/** How bytes on the wire are encoded. */
enum Format {
    JSON("application/json"),
    YAML("application/yaml"),
    PROTOBUF("application/vnd.kubernetes.protobuf");

    static final String ALL = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    private final String mediaType;

    Format(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    static Optional<Format> of(String mediaType) {
        return Arrays.stream(values())
                .filter(format -> format.mediaType.equals(mediaType))
                .findFirst();
    }
}
