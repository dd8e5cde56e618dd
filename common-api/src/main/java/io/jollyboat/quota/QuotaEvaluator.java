package io.jollyboat.quota;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ScopedResourceSelectorRequirement;
import io.jollyboat.api.quantity.Quantity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Knows how much the objects of one resource use. Thread-safe. */
public interface QuotaEvaluator {
    /** Whether objects of this resource use what the name in a quota stands for. */
    boolean counts(String name);

    /** What an object uses, whether or not a quota limits it. */
    Map<String, Quantity> usage(Message object);

    /**
     * Whether a write can need more than before.
     *
     * @param old null for a new object
     */
    boolean concerns(String subresource, Message object, Message old);

    /** Whether a change can have set something free, or moved the object to other quotas. */
    default boolean frees(Message before, Message after) {
        return false;
    }

    /** Whether a quota that is limited to a scope counts the object. */
    default boolean inScope(ScopedResourceSelectorRequirement scope, Message object) {
        return false;
    }

    /** What the object must say, given the names that quotas limit, and does not; empty when nothing is missing. */
    default String missing(Set<String> limited, Message object) {
        return "";
    }

    default Set<String> counted(Collection<String> names) {
        Set<String> some = new TreeSet<>();
        for (String name : names) {
            if (counts(name)) {
                some.add(name);
            }
        }
        return some;
    }

    default boolean inScopes(List<ScopedResourceSelectorRequirement> scopes, Message object) {
        return scopes.stream().allMatch(scope -> inScope(scope, object));
    }
}
