package io.jollyboat.apiserver.cache;

import com.google.protobuf.Message;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/**
 * One resource as it is stored: shared by all its served versions.
 *
 * @param group with plural: how errors name the resource
 * @param prefix of its keys, with a slash at the end
 * @param indexes name to function: the values under which an object is found, such as {@code spec.nodeName}
 */
public record StoredResource(
        String group,
        String plural,
        String prefix,
        boolean namespaced,
        ObjectCodec codec,
        Map<String, Function<Message, Collection<String>>> indexes) {
    /** Index by the node a pod is bound to, empty while it is not; also the field selector's name. */
    public static final String NODE_NAME = "spec.nodeName";

    @Override
    public String toString() {
        return prefix;
    }
}
