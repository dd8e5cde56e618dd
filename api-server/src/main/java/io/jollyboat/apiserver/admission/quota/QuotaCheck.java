package io.jollyboat.apiserver.admission.quota;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.admission.Refusal;
import io.jollyboat.errors.ApiException;
import io.jollyboat.quota.Amounts;
import io.jollyboat.quota.QuotaEvaluator;
import io.jollyboat.quota.Scopes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One write that is to be held against quotas. Pure. */
final class QuotaCheck {
    private final AdmissionRequest request;
    private final Message object;
    private final QuotaEvaluator evaluator;
    private final Map<String, Quantity> usage;
    private final Map<String, Quantity> more;

    QuotaCheck(AdmissionRequest request, Message object, QuotaEvaluator evaluator) {
        this.request = request;
        this.object = object;
        this.evaluator = evaluator;
        this.usage = evaluator.usage(object);
        this.more =
                request.operation() == Operation.UPDATE ? Amounts.excess(usage, evaluator.usage(request.old())) : usage;
    }

    String namespace() {
        return request.namespace();
    }

    boolean dryRun() {
        return request.dryRun();
    }

    /** @throws ApiException when the object cannot be held against the quota at all */
    void requireMeasurable(ResourceQuota quota) {
        if (!concerns(quota)) {
            return;
        }
        Set<String> limited = limited(quota);
        String missing = evaluator.missing(limited, object);
        if (!missing.isEmpty()) {
            throw refused("failed quota: " + quota.getMetadata().getName() + ": " + missing);
        }
        if (!quota.getStatus().getUsedMap().keySet().containsAll(limited)) {
            throw refused("status unknown for quota: " + quota.getMetadata().getName() + ", resources: "
                    + String.join(",", limited));
        }
    }

    /** @throws ApiException when the object asks for less than nothing */
    void requirePositive() {
        List<String> negative = Amounts.negative(usage);
        if (!negative.isEmpty()) {
            throw refused("quota usage is negative for resource(s): " + String.join(",", negative));
        }
    }

    /**
     * What is used once the write has happened.
     *
     * @throws ApiException when that is more than the quota allows
     */
    Map<String, Quantity> charged(ResourceQuota quota) {
        Map<String, Quantity> used = quota.getStatus().getUsedMap();
        if (!concerns(quota)) {
            return used;
        }
        Map<String, Quantity> hard = quota.getStatus().getHardMap();
        Map<String, Quantity> requested = requested(quota);
        if (requested.isEmpty()) {
            return used;
        }
        Map<String, Quantity> sum = Amounts.add(used, requested);
        if (!request.subresource().equals("status")) {
            Set<String> exceeded = new TreeSet<>(Amounts.exceeding(Amounts.mask(sum, requested.keySet()), hard));
            if (!exceeded.isEmpty()) {
                throw refused("exceeded quota: " + quota.getMetadata().getName() + ", requested: "
                        + Amounts.text(Amounts.mask(requested, exceeded)) + ", used: "
                        + Amounts.text(Amounts.mask(used, exceeded)) + ", limited: "
                        + Amounts.text(Amounts.mask(hard, exceeded)));
            }
        }
        return sum;
    }

    /** Whether the write uses more of what the quota limits. */
    boolean needs(ResourceQuota quota) {
        return concerns(quota) && !requested(quota).isEmpty();
    }

    private Map<String, Quantity> requested(ResourceQuota quota) {
        return Amounts.withoutZeros(
                Amounts.mask(needed(quota), quota.getStatus().getHardMap().keySet()));
    }

    /** All of it where the quota did not count the object before. */
    private Map<String, Quantity> needed(ResourceQuota quota) {
        boolean counted = request.operation() == Operation.UPDATE
                && evaluator.inScopes(Scopes.of(quota.getSpec()), request.old());
        return counted ? more : usage;
    }

    private boolean concerns(ResourceQuota quota) {
        return !limited(quota).isEmpty() && evaluator.inScopes(Scopes.of(quota.getSpec()), object);
    }

    private Set<String> limited(ResourceQuota quota) {
        return evaluator.counted(quota.getStatus().getHardMap().keySet());
    }

    private ApiException refused(String why) {
        return new Refusal(request, object).because(why);
    }
}
