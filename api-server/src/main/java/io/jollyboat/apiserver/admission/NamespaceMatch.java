package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.auth.LiveObjects;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.selectors.LabelMatcher;

/** Whether the selectors of webhooks and policies mean a request, by the labels of its namespace and its object. */
public final class NamespaceMatch {
    private static final ResourceType<Namespace> NAMESPACES = Kinds.of(Namespace.class);

    private final ObjectLookup known;
    private final LiveObjects live;

    public NamespaceMatch(ObjectLookup known, LiveObjects live) {
        this.known = known;
        this.live = live;
    }

    /**
     * Requests in no namespace are meant by every selector.
     *
     * @param object null for a deletion
     * @throws ApiException 404 where there is no such namespace
     */
    public boolean matches(LabelMatcher selector, AdmissionRequest request, Message object) {
        String name = request.scope();
        boolean namespaces = request.type().plural().equals("namespaces");
        if (selector.isEverything() || (name.isEmpty() && !namespaces)) {
            return true;
        }
        boolean itself = namespaces && request.subresource().isEmpty();
        if (itself && (request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE)) {
            return selector.matches(request.type().meta(object).getLabelsMap());
        }
        return selector.matches(namespace(name).getMetadata().getLabelsMap());
    }

    /** The namespace of that name; ApiException 404 where there is none. */
    public Namespace namespace(String name) {
        ObjectKey key = ObjectKey.cluster(name);
        Namespace found = known.get(NAMESPACES, key);
        if (found == null) {
            found = live.get(NAMESPACES, key);
        }
        if (found == null) {
            throw ApiException.notFound(NAMESPACES, name);
        }
        return found;
    }

    /**
     * Whether the selector means the object or what it was before.
     *
     * @param object may be null; it may be of a kind without labels, which no selector means
     */
    public static boolean matchesObject(LabelMatcher selector, AdmissionRequest request, Message object) {
        return selector.isEverything()
                || labelled(selector, request, object)
                || labelled(selector, request, request.old());
    }

    private static boolean labelled(LabelMatcher selector, AdmissionRequest request, Message object) {
        if (object == null) {
            return false;
        }
        if (object.getDescriptorForType().equals(request.type().prototype().getDescriptorForType())) {
            return selector.matches(request.type().meta(object).getLabelsMap());
        }
        var metadata = object.getDescriptorForType().findFieldByName("metadata");
        return metadata != null
                && object.getField(metadata) instanceof io.jollyboat.api.meta.v1.ObjectMeta meta
                && selector.matches(meta.getLabelsMap());
    }
}
