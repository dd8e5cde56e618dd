package io.jollyboat.controllers.resourcequota;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.core.v1.ResourceQuotaStatus;
import io.jollyboat.api.core.v1.ScopedResourceSelectorRequirement;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.quota.Amounts;
import io.jollyboat.quota.QuotaEvaluator;
import io.jollyboat.quota.Scopes;
import io.jollyboat.values.Quantities;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** What a quota's status should say. Pure. */
final class QuotaUsage {
    private QuotaUsage() {}

    /** The objects of one resource. */
    record Counted(QuotaEvaluator evaluator, Function<String, Collection<? extends Message>> ofNamespace) {}

    /** Of what none of the resources counts, the last known number stays. */
    static ResourceQuotaStatus status(ResourceQuota quota, Collection<Counted> resources) {
        Map<String, Quantity> hard = quota.getSpec().getHardMap();
        List<ScopedResourceSelectorRequirement> scopes = Scopes.of(quota.getSpec());
        Map<String, Quantity> used = new TreeMap<>();
        for (Counted resource : resources) {
            Set<String> names = resource.evaluator().counted(hard.keySet());
            if (names.isEmpty()) {
                continue;
            }
            Map<String, Quantity> sum = new TreeMap<>();
            names.forEach(name -> sum.put(name, Quantities.zero()));
            for (Message object :
                    resource.ofNamespace().apply(quota.getMetadata().getNamespace())) {
                if (resource.evaluator().inScopes(scopes, object)) {
                    Map<String, Quantity> own =
                            Amounts.mask(resource.evaluator().usage(object), names);
                    own.forEach((name, amount) -> sum.merge(name, amount, Quantities::add));
                }
            }
            sum.forEach((name, amount) -> used.merge(name, amount, Quantities::add));
        }
        Map<String, Quantity> known = Amounts.mask(quota.getStatus().getUsedMap(), hard.keySet());
        known.forEach(used::putIfAbsent);
        return ResourceQuotaStatus.newBuilder()
                .putAllHard(hard)
                .putAllUsed(used)
                .build();
    }

    static boolean same(ResourceQuotaStatus left, ResourceQuotaStatus right) {
        return Amounts.equal(left.getHardMap(), right.getHardMap())
                && Amounts.equal(left.getUsedMap(), right.getUsedMap());
    }
}
