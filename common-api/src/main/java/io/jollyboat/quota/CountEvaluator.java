package io.jollyboat.quota;

import com.google.protobuf.Message;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Quantities;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts objects, of any kind. */
record CountEvaluator(Set<String> names) implements QuotaEvaluator {
    static final Quantity ONE = Quantities.of(1);

    /** @param resource such as {@code deployments.apps} */
    static String name(String resource) {
        return "count/" + resource;
    }

    @Override
    public boolean counts(String name) {
        return names.contains(name);
    }

    @Override
    public Map<String, Quantity> usage(Message object) {
        Map<String, Quantity> usage = new TreeMap<>();
        names.forEach(name -> usage.put(name, ONE));
        return usage;
    }

    @Override
    public boolean concerns(String subresource, Message object, Message old) {
        return subresource.isEmpty() && old == null;
    }
}
