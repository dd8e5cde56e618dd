package io.jollyboat.apiserver.validation;

import io.jollyboat.api.batch.v1.CronJob;
import io.jollyboat.api.batch.v1.JobSpec;
import io.jollyboat.values.Names;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;

/** The rules of cron jobs. */
final class CronJobRules {
    private CronJobRules() {}

    static void create(Errors errors, CronJob job) {
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
        JobSpec template = job.getSpec().getJobTemplate().getSpec();
        JobSpecRules.spec(errors, template, "spec.jobTemplate.spec");
        if (template.hasSelector()) {
            errors.invalid(
                    "spec.jobTemplate.spec.selector",
                    Errors.shown(template.getSelector()),
                    "`selector` will be auto-generated");
        }
        if (template.getManualSelector()) {
            errors.notSupported("spec.jobTemplate.spec.manualSelector", true, List.of("nil", "false"));
        }
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

    static void update(Errors errors, CronJob job, CronJob old) {
        MetaRules.checkUpdate(errors, job.getMetadata(), old.getMetadata(), "metadata");
        create(errors, job);
    }
}
