package io.jollyboat.apiserver.custom;

import tools.jackson.databind.node.ObjectNode;

/** Brings objects of one definition from one version into another. */
@FunctionalInterface
public interface CustomConverter {
    /** Versions that differ in nothing but their name. */
    CustomConverter NONE = (object, kind, from, to) -> object;

    /**
     * The object in another version. Metadata is the caller's to keep.
     *
     * @param object whole, with apiVersion and kind; may be changed
     * @param from apiVersion the object is in
     * @param to apiVersion wanted
     * @throws io.jollyboat.errors.ApiException where it cannot be
     */
    ObjectNode convert(ObjectNode object, String kind, String from, String to);
}
