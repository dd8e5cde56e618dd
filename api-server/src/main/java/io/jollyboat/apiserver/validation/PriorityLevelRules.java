package io.jollyboat.apiserver.validation;

import io.jollyboat.api.flowcontrol.v1.LimitResponse;
import io.jollyboat.api.flowcontrol.v1.LimitedPriorityLevelConfiguration;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfiguration;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfigurationSpec;
import io.jollyboat.api.flowcontrol.v1.QueuingConfiguration;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.Set;

/** The rules of priority levels. */
final class PriorityLevelRules {
    private static final int MOST_QUEUES = 10_000_000;
    private static final int HASH_BITS = 60;

    private PriorityLevelRules() {}

    static void create(Errors errors, PriorityLevelConfiguration level) {
        MetaRules.check(errors, level.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        String name = level.getMetadata().getName();
        spec(errors, name, level.getSpec());
        PriorityLevelConfigurationSpec fixed = FixedFlows.level(name);
        if (fixed != null) {
            fixed(errors, name, level.getSpec(), fixed);
        }
        status(errors, level);
    }

    static void update(Errors errors, PriorityLevelConfiguration level, PriorityLevelConfiguration old) {
        MetaRules.checkUpdate(errors, level.getMetadata(), old.getMetadata(), "metadata");
        create(errors, level);
    }

    static void statusUpdate(Errors errors, PriorityLevelConfiguration level, PriorityLevelConfiguration old) {
        MetaRules.checkUpdate(errors, level.getMetadata(), old.getMetadata(), "metadata");
        status(errors, level);
    }

    private static void fixed(
            Errors errors, String name, PriorityLevelConfigurationSpec spec, PriorityLevelConfigurationSpec fixed) {
        boolean exempt = name.equals("exempt");
        PriorityLevelConfigurationSpec compared =
                exempt ? spec.toBuilder().setExempt(fixed.getExempt()).build() : spec;
        if (!compared.equals(fixed)) {
            errors.invalid(
                    "spec",
                    Errors.shown(spec),
                    "spec of '" + name + "'" + (exempt ? " except the 'spec.exempt' field" : "")
                            + " must equal the fixed value");
        }
    }

    private static void status(Errors errors, PriorityLevelConfiguration level) {
        Set<String> types = new HashSet<>();
        for (int i = 0; i < level.getStatus().getConditionsCount(); i++) {
            String type = level.getStatus().getConditions(i).getType();
            String at = "status.conditions[" + i + "].type";
            if (!types.add(type)) {
                errors.duplicate(at, type);
            }
            if (type.isEmpty()) {
                errors.required(at);
            }
        }
    }

    private static void spec(Errors errors, String name, PriorityLevelConfigurationSpec spec) {
        if (name.equals("exempt") != spec.getType().equals("Exempt")) {
            errors.invalid("spec.type", spec.getType(), "must be 'Exempt' if and only if `name` is 'exempt'");
        }
        switch (spec.getType()) {
            case "Exempt" -> {
                if (spec.hasLimited()) {
                    errors.forbidden("spec.limited", "must be nil if the type is not Limited");
                }
                if (spec.getExempt().getNominalConcurrencyShares() < 0) {
                    errors.invalid(
                            "spec.exempt.nominalConcurrencyShares",
                            spec.getExempt().getNominalConcurrencyShares(),
                            "must be a non-negative integer");
                }
                percent(errors, spec.getExempt().getLendablePercent(), "spec.exempt.lendablePercent");
            }
            case "Limited" -> {
                if (spec.hasExempt()) {
                    errors.forbidden("spec.exempt", "must be nil if the type is Limited");
                }
                if (spec.hasLimited()) {
                    limited(errors, spec.getLimited(), "spec.limited");
                } else {
                    errors.required("spec.limited", "must not be empty when type is Limited");
                }
            }
            default -> errors.oneOf("spec.type", spec.getType(), "Exempt", "Limited");
        }
    }

    private static void percent(Errors errors, int value, String path) {
        errors.invalid(path, value, Names.inRange(value, 0, 100));
    }

    private static void limited(Errors errors, LimitedPriorityLevelConfiguration limited, String path) {
        int shares = limited.getNominalConcurrencyShares();
        if (shares < 0) {
            errors.invalid(path + ".nominalConcurrencyShares", shares, "must be a non-negative integer");
        }
        response(errors, limited.getLimitResponse(), path + ".limitResponse");
        if (limited.getLendablePercent() < 0 || limited.getLendablePercent() > 100) {
            errors.invalid(
                    path + ".lendablePercent", limited.getLendablePercent(), "must be between 0 and 100, inclusive");
        }
        if (limited.getBorrowingLimitPercent() < 0) {
            errors.invalid(
                    path + ".borrowingLimitPercent",
                    limited.getBorrowingLimitPercent(),
                    "if specified, must be a non-negative integer");
        }
    }

    private static void response(Errors errors, LimitResponse response, String path) {
        switch (response.getType()) {
            case "Reject" -> {
                if (response.hasQueuing()) {
                    errors.forbidden(path + ".queuing", "must be nil if limited.limitResponse.type is not Limited");
                }
            }
            case "Queue" -> {
                if (response.hasQueuing()) {
                    queuing(errors, response.getQueuing(), path + ".queuing");
                } else {
                    errors.required(path + ".queuing", "must not be empty if limited.limitResponse.type is Limited");
                }
            }
            default -> errors.oneOf(path + ".type", response.getType(), "Queue", "Reject");
        }
    }

    private static void queuing(Errors errors, QueuingConfiguration queuing, String path) {
        if (queuing.getQueueLengthLimit() <= 0) {
            errors.invalid(path + ".queueLengthLimit", queuing.getQueueLengthLimit(), "must be positive");
        }
        int queues = queuing.getQueues();
        if (queues <= 0) {
            errors.invalid(path + ".queues", queues, "must be positive");
        } else if (queues > MOST_QUEUES) {
            errors.invalid(path + ".queues", queues, "must not be greater than " + MOST_QUEUES);
        }
        int hand = queuing.getHandSize();
        if (hand <= 0) {
            errors.invalid(path + ".handSize", hand, "must be positive");
        } else if (hand > queues) {
            errors.invalid(path + ".handSize", hand, "should not be greater than queues (" + queues + ")");
        } else if (entropyBits(queues, hand) > HASH_BITS) {
            errors.invalid(
                    path + ".handSize",
                    hand,
                    "required entropy bits of deckSize " + queues + " and handSize " + hand
                            + " should not be greater than " + HASH_BITS);
        }
    }

    /** What shuffle sharding takes from a hash to deal a hand. */
    private static int entropyBits(int deck, int hand) {
        return (int) Math.ceil(Math.log(deck) / Math.log(2) * hand);
    }
}
