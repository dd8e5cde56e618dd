package io.jollyboat.apiserver.custom;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Brings objects of one definition from one version into another. */
@FunctionalInterface
public interface CustomConverter {
    /** Versions that differ in nothing but their name. */
    CustomConverter NONE = (objects, kind, from, to) -> objects;

    /**
     * The objects in another version, in their order. Metadata is the caller's to keep.
     *
     * @param objects whole, with apiVersion and kind; may be changed
     * @param from apiVersion the objects are in
     * @param to apiVersion wanted
     * @throws io.jollyboat.errors.ApiException where it cannot be
     */
    List<ObjectNode> convert(List<ObjectNode> objects, String kind, String from, String to);

    /** Whether somebody else is asked, so that it is worth asking once and for many. */
    default boolean asksOthers() {
        return false;
    }
}
