package io.jollyboat.apiserver.validation;

import io.jollyboat.api.batch.v1.JobSpec;
import io.jollyboat.selectors.LabelSelectors;
import java.util.List;
import java.util.Map;

/** The rules of a job's specification, in a job and in a cron job. */
final class JobSpecRules {
    private static final int MANAGER_LIMIT = 63;
    private static final int MOST_PARALLEL = 100_000;
    private static final int MANY_COMPLETIONS = 100_000;
    private static final int FEW_PARALLEL = 10_000;

    private JobSpecRules() {}

    /** With the selector, which a cron job's jobs have not yet. */
    static void withSelector(Errors errors, JobSpec spec, String path) {
        spec(errors, spec, path);
        if (spec.hasSelector()) {
            CommonRules.selector(errors, spec.getSelector(), path + ".selector");
        } else {
            errors.required(path + ".selector");
        }
        Map<String, String> labels = spec.getTemplate().getMetadata().getLabelsMap();
        try {
            boolean matches =
                    spec.hasSelector() && LabelSelectors.of(spec.getSelector()).matches(labels);
            if (!matches) {
                errors.invalid(
                        path + ".template.metadata.labels",
                        labels.isEmpty() ? Errors.bare("null") : Errors.shown(labels),
                        "`selector` does not match template `labels`");
            }
        } catch (IllegalArgumentException e) {
            // A selector that cannot be read was refused above.
        }
    }

    static void spec(Errors errors, JobSpec spec, String path) {
        errors.notNegative(path + ".parallelism", spec.getParallelism());
        errors.notNegative(path + ".completions", spec.getCompletions());
        errors.notNegative(path + ".activeDeadlineSeconds", spec.getActiveDeadlineSeconds());
        errors.notNegative(path + ".backoffLimit", spec.getBackoffLimit());
        errors.notNegative(path + ".ttlSecondsAfterFinished", spec.getTtlSecondsAfterFinished());
        errors.notNegative(path + ".backoffLimitPerIndex", spec.getBackoffLimitPerIndex());
        if (spec.hasMaxFailedIndexes()) {
            errors.notNegative(path + ".maxFailedIndexes", spec.getMaxFailedIndexes());
            if (!spec.hasBackoffLimitPerIndex()) {
                errors.required(path + ".backoffLimitPerIndex", "when maxFailedIndexes is specified");
            }
        }
        if (spec.hasManagedBy()) {
            Texts.domainPrefixedPath(errors, spec.getManagedBy(), path + ".managedBy");
            if (spec.getManagedBy().length() > MANAGER_LIMIT) {
                errors.tooLong(path + ".managedBy", MANAGER_LIMIT);
            }
        }
        if (spec.hasCompletionMode()) {
            errors.oneOf(path + ".completionMode", spec.getCompletionMode(), "NonIndexed", "Indexed");
        }
        boolean indexed = spec.getCompletionMode().equals("Indexed");
        if (indexed) {
            indexed(errors, spec, path);
        } else if (spec.getCompletionMode().isEmpty()
                || spec.getCompletionMode().equals("NonIndexed")) {
            notIndexed(errors, spec, path);
        }
        if (spec.hasPodFailurePolicy()) {
            PodFailurePolicyRules.check(errors, spec, path + ".podFailurePolicy");
        }
        if (spec.hasSuccessPolicy() && indexed) {
            SuccessPolicyRules.check(errors, spec, path + ".successPolicy");
        } else if (spec.hasSuccessPolicy()) {
            errors.invalid(
                    path + ".successPolicy", Errors.shown(spec.getSuccessPolicy()), "requires indexed completion mode");
        }
        if (spec.hasPodReplacementPolicy() && spec.hasPodFailurePolicy()) {
            errors.oneOf(path + ".podReplacementPolicy", spec.getPodReplacementPolicy(), "Failed");
        } else if (spec.hasPodReplacementPolicy()) {
            errors.oneOf(
                    path + ".podReplacementPolicy", spec.getPodReplacementPolicy(), "Failed", "TerminatingOrFailed");
        }
        PodRules.template(errors, spec.getTemplate(), path + ".template");
        restartPolicy(errors, spec, path + ".template.spec.restartPolicy");
    }

    private static void restartPolicy(Errors errors, JobSpec spec, String path) {
        String policy = spec.getTemplate().getSpec().getRestartPolicy();
        if (policy.isEmpty() || policy.equals("Always")) {
            errors.required(path, "valid values: \"OnFailure\", \"Never\"");
        } else if (!policy.equals("OnFailure") && !policy.equals("Never")) {
            errors.notSupported(path, policy, List.of("OnFailure", "Never"));
        } else if (spec.hasPodFailurePolicy() && !policy.equals("Never")) {
            errors.invalid(path, policy, "only \"Never\" is supported when podFailurePolicy is specified");
        }
    }

    private static void notIndexed(Errors errors, JobSpec spec, String path) {
        String detail = "requires indexed completion mode";
        if (spec.hasBackoffLimitPerIndex()) {
            errors.invalid(path + ".backoffLimitPerIndex", spec.getBackoffLimitPerIndex(), detail);
        }
        if (spec.hasMaxFailedIndexes()) {
            errors.invalid(path + ".maxFailedIndexes", spec.getMaxFailedIndexes(), detail);
        }
    }

    private static void indexed(Errors errors, JobSpec spec, String path) {
        if (!spec.hasCompletions()) {
            errors.required(path + ".completions", "when completion mode is Indexed");
        }
        if (spec.getParallelism() > MOST_PARALLEL) {
            errors.invalid(
                    path + ".parallelism",
                    spec.getParallelism(),
                    "must be less than or equal to " + MOST_PARALLEL + " when completion mode is Indexed");
        }
        int failed = spec.getMaxFailedIndexes();
        if (spec.hasCompletions() && failed > spec.getCompletions()) {
            errors.invalid(path + ".maxFailedIndexes", failed, "must be less than or equal to completions");
        }
        if (failed > MOST_PARALLEL) {
            errors.invalid(path + ".maxFailedIndexes", failed, "must be less than or equal to " + MOST_PARALLEL);
        }
        if (spec.getCompletions() <= MANY_COMPLETIONS || !spec.hasBackoffLimitPerIndex()) {
            return;
        }
        if (!spec.hasMaxFailedIndexes()) {
            errors.required(
                    path + ".maxFailedIndexes", "must be specified when completions is above " + MANY_COMPLETIONS);
        }
        String limit = "must be less than or equal to " + FEW_PARALLEL + " when completions are above "
                + MANY_COMPLETIONS + " and used with backoff limit per index";
        if (spec.getParallelism() > FEW_PARALLEL) {
            errors.invalid(path + ".parallelism", spec.getParallelism(), limit);
        }
        if (failed > FEW_PARALLEL) {
            errors.invalid(path + ".maxFailedIndexes", failed, limit);
        }
    }
}
