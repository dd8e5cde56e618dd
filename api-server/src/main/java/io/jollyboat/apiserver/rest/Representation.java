package io.jollyboat.apiserver.rest;

/**
 * What the client wants an answer to look like.
 *
 * @param metaVersion version of meta.k8s.io for everything but {@link Shape#OBJECT}
 */
record Representation(Format format, Shape shape, String metaVersion, boolean pretty) {
    static final Representation PLAIN_JSON = new Representation(Format.JSON, Shape.OBJECT, "v1", false);

    /** What of an object is shown. */
    enum Shape {
        OBJECT,
        TABLE,
        METADATA,
        METADATA_LIST
    }

    Representation withPretty(boolean value) {
        return new Representation(format, shape, metaVersion, value);
    }

    /** As the whole object, whatever was asked for: for errors. */
    Representation plain() {
        return new Representation(format, Shape.OBJECT, "v1", pretty);
    }
}
