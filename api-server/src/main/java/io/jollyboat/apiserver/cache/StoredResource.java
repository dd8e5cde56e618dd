package io.jollyboat.apiserver.cache;

import com.google.protobuf.Message;
import java.util.Map;
import java.util.function.Function;

/**
 * One resource as it is stored: shared by all its served versions.
 *
 * @param prefix of its keys, with a slash at the end
 * @param group and plural: as errors name the resource
 * @param indexes name to function: the values under which an object is found, such as {@code spec.nodeName}
 */
public record StoredResource(
        String group,
        String plural,
        String prefix,
        boolean namespaced,
        ObjectCodec codec,
        Map<String, Function<Message, Iterable<String>>> indexes) {
    /** Index by the node a pod is bound to, which is also the field selector's name. */
    public static final String NODE_NAME = "spec.nodeName";

    /** Index by the uid of each owner. */
    public static final String OWNER_UID = "metadata.ownerReferences.uid";
}
