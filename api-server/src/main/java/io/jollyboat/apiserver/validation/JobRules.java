package io.jollyboat.apiserver.validation;

import io.jollyboat.api.batch.v1.CronJob;
import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.api.batch.v1.JobSpec;
import io.jollyboat.values.Names;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;

/** The rules of jobs. */
final class JobRules {
    private JobRules() {}

    static void create(Errors errors, Job job) {
        MetaRules.check(errors, job.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        spec(errors, job.getSpec(), "spec");
        if (!job.getSpec().hasSelector() && job.getSpec().getManualSelector()) {
            errors.required("spec.selector");
        }
    }

    static void update(Errors errors, Job job, Job old) {
        MetaRules.checkUpdate(errors, job.getMetadata(), old.getMetadata(), "metadata");
        spec(errors, job.getSpec(), "spec");
        JobSpec spec = job.getSpec();
        JobSpec before = old.getSpec();
        boolean elastic = "Indexed".equals(spec.getCompletionMode())
                && spec.getCompletions() == spec.getParallelism()
                && spec.hasCompletions();
        if (!elastic) {
            errors.unchanged("spec.completions", spec.getCompletions(), before.getCompletions());
        }
        errors.unchanged("spec.selector", spec.getSelector(), before.getSelector());
        // The scheduling directives of a job that has not started may change.
        boolean suspended = before.getSuspend() && !old.getStatus().hasStartTime();
        if (!suspended) {
            errors.unchanged("spec.template", spec.getTemplate(), before.getTemplate());
        }
        errors.unchanged("spec.completionMode", spec.getCompletionMode(), before.getCompletionMode());
        errors.unchanged("spec.podFailurePolicy", spec.getPodFailurePolicy(), before.getPodFailurePolicy());
        errors.unchanged("spec.backoffLimitPerIndex", spec.getBackoffLimitPerIndex(), before.getBackoffLimitPerIndex());
        errors.unchanged("spec.managedBy", spec.getManagedBy(), before.getManagedBy());
        errors.unchanged("spec.successPolicy", spec.getSuccessPolicy(), before.getSuccessPolicy());
    }

    private static void spec(Errors errors, JobSpec spec, String path) {
        errors.notNegative(path + ".parallelism", spec.getParallelism());
        errors.notNegative(path + ".completions", spec.getCompletions());
        if (spec.hasActiveDeadlineSeconds()) {
            errors.notNegative(path + ".activeDeadlineSeconds", spec.getActiveDeadlineSeconds());
        }
        errors.notNegative(path + ".backoffLimit", spec.getBackoffLimit());
        errors.notNegative(path + ".ttlSecondsAfterFinished", spec.getTtlSecondsAfterFinished());
        errors.notNegative(path + ".backoffLimitPerIndex", spec.getBackoffLimitPerIndex());
        boolean indexed = spec.getCompletionMode().equals("Indexed");
        if (spec.hasBackoffLimitPerIndex() && !indexed) {
            errors.invalid(
                    path + ".backoffLimitPerIndex", spec.getBackoffLimitPerIndex(), "requires indexed completion mode");
        }
        if (spec.hasMaxFailedIndexes() && !indexed) {
            errors.invalid(path + ".maxFailedIndexes", spec.getMaxFailedIndexes(), "requires indexed completion mode");
        }
        if (indexed && spec.getParallelism() > 100_000) {
            errors.invalid(
                    path + ".parallelism",
                    spec.getParallelism(),
                    "must be less than or equal to 100000 when completion mode is Indexed");
        }
        if (spec.hasManagedBy() && !spec.getManagedBy().matches("[^/]+/.+")) {
            errors.invalid(
                    path + ".managedBy",
                    spec.getManagedBy(),
                    "must be a domain-prefixed path (such as \"acme.io/foo\")");
        }
        if (spec.hasCompletionMode()) {
            errors.oneOf(path + ".completionMode", spec.getCompletionMode(), "NonIndexed", "Indexed");
            if (indexed && !spec.hasCompletions()) {
                errors.required(path + ".completions", "when completion mode is Indexed");
            }
        }
        if (spec.hasPodReplacementPolicy()) {
            errors.oneOf(
                    path + ".podReplacementPolicy", spec.getPodReplacementPolicy(), "Failed", "TerminatingOrFailed");
        }
        PodRules.template(errors, spec.getTemplate(), path + ".template");
        String policy = spec.getTemplate().getSpec().getRestartPolicy();
        String at = path + ".template.spec.restartPolicy";
        if (policy.isEmpty() || policy.equals("Always")) {
            errors.required(at, "valid values: \"OnFailure\", \"Never\"");
        } else if (!policy.equals("OnFailure") && !policy.equals("Never")) {
            errors.notSupported(at, policy, List.of("OnFailure", "Never"));
        } else if (spec.hasPodFailurePolicy() && !policy.equals("Never")) {
            errors.invalid(at, policy, "only \"Never\" is supported when podFailurePolicy is specified");
        }
    }

    static void cronJob(Errors errors, CronJob job) {
        MetaRules.check(errors, job.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        if (job.getMetadata().getName().length() > 52) {
            errors.invalid("metadata.name", job.getMetadata().getName(), "must be no more than 52 characters");
        }
        String schedule = job.getSpec().getSchedule();
        if (schedule.isEmpty()) {
            errors.required("spec.schedule");
        } else {
            String problem = CronSchedules.problem(schedule);
            if (!problem.isEmpty()) {
                errors.invalid("spec.schedule", schedule, problem);
            }
            if (schedule.contains("TZ")) {
                errors.invalid(
                        "spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
            }
        }
        if (job.getSpec().hasTimeZone()) {
            timeZone(errors, job.getSpec().getTimeZone());
        }
        if (job.getSpec().hasStartingDeadlineSeconds()) {
            errors.notNegative("spec.startingDeadlineSeconds", job.getSpec().getStartingDeadlineSeconds());
        }
        String policy = job.getSpec().getConcurrencyPolicy();
        if (policy.isEmpty()) {
            errors.required("spec.concurrencyPolicy");
        } else {
            errors.oneOf("spec.concurrencyPolicy", policy, "Allow", "Forbid", "Replace");
        }
        spec(errors, job.getSpec().getJobTemplate().getSpec(), "spec.jobTemplate.spec");
        errors.notNegative("spec.successfulJobsHistoryLimit", job.getSpec().getSuccessfulJobsHistoryLimit());
        errors.notNegative("spec.failedJobsHistoryLimit", job.getSpec().getFailedJobsHistoryLimit());
    }

    private static void timeZone(Errors errors, String zone) {
        String path = "spec.timeZone";
        if (zone.isEmpty()) {
            errors.invalid(path, zone, "timeZone must be nil or non-empty string");
            return;
        }
        if (zone.equalsIgnoreCase("Local")) {
            errors.invalid(
                    path, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
            return;
        }
        try {
            ZoneId.of(zone);
        } catch (DateTimeException e) {
            errors.invalid(path, zone, "unknown time zone " + zone);
        }
    }

    static void cronJobUpdate(Errors errors, CronJob job, CronJob old) {
        MetaRules.checkUpdate(errors, job.getMetadata(), old.getMetadata(), "metadata");
        cronJob(errors, job);
    }
}
