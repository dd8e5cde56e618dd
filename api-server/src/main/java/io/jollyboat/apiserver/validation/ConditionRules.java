package io.jollyboat.apiserver.validation;

import io.jollyboat.api.meta.v1.Condition;
import io.jollyboat.values.Names;
import io.jollyboat.values.Times;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of conditions in the form that newer kinds share. */
final class ConditionRules {
    private static final String REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
    private static final Pattern REASON_PATTERN = Pattern.compile(REASON);
    private static final int REASON_LIMIT = 1024;
    private static final int MESSAGE_LIMIT = 32 * 1024;

    private ConditionRules() {}

    static void check(Errors errors, List<Condition> conditions, String path) {
        check(errors, conditions, path, "must be set");
    }

    /** @param missing said of what must be there */
    static void check(Errors errors, List<Condition> conditions, String path, String missing) {
        Set<String> types = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            String at = path + "[" + i + "]";
            if (!types.add(conditions.get(i).getType())) {
                errors.duplicate(at + ".type", conditions.get(i).getType());
            }
            check(errors, conditions.get(i), at, missing);
        }
    }

    private static void check(Errors errors, Condition condition, String path, String missing) {
        errors.invalid(path + ".type", condition.getType(), Names.qualifiedName(condition.getType()));
        errors.oneOf(path + ".status", condition.getStatus(), "False", "True", "Unknown");
        if (condition.getObservedGeneration() < 0) {
            errors.invalid(
                    path + ".observedGeneration",
                    condition.getObservedGeneration(),
                    "must be greater than or equal to zero");
        }
        if (!condition.hasLastTransitionTime() || Times.isZero(condition.getLastTransitionTime())) {
            errors.required(path + ".lastTransitionTime", missing);
        }
        String reason = condition.getReason();
        if (reason.isEmpty()) {
            errors.required(path + ".reason", missing);
        } else {
            if (!REASON_PATTERN.matcher(reason).matches()) {
                errors.invalid(
                        path + ".reason",
                        reason,
                        "a condition reason must start with alphabetic character, optionally followed by a string of"
                                + " alphanumeric characters or '_,:', and must end with an alphanumeric character or"
                                + " '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or"
                                + " 'ReasonA:ReasonB', regex used for validation is '" + REASON + "')");
            }
            errors.tooLongBytes(path + ".reason", reason, REASON_LIMIT);
        }
        errors.tooLongBytes(path + ".message", condition.getMessage(), MESSAGE_LIMIT);
    }
}
