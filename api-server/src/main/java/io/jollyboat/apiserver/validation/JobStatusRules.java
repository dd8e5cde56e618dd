package io.jollyboat.apiserver.validation;

import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.api.batch.v1.JobStatus;
import io.jollyboat.api.batch.v1.UncountedTerminatedPods;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules of what a controller reports on a job, and of which status may follow which. Most are looked at only when
 * the fields that they are about change, so that a wrong status can be mended step by step.
 */
final class JobStatusRules {
    private static final String CONDITIONS = "status.conditions";
    private static final String COMPLETE = "Complete";
    private static final String FAILED = "Failed";
    private static final String FAILURE_TARGET = "FailureTarget";
    private static final String SUCCESS_CRITERIA_MET = "SuccessCriteriaMet";
    private static final String SUSPENDED = "Suspended";
    private static final String TRUE = "True";
    private static final String FALSE = "False";

    private final Errors errors;
    private final Job job;
    private final JobStatus now;
    private final JobStatus before;

    private JobStatusRules(Errors errors, Job job, Job old) {
        this.errors = errors;
        this.job = job;
        this.now = job.getStatus();
        this.before = old.getStatus();
    }

    static void update(Errors errors, Job job, Job old) {
        MetaRules.checkUpdate(errors, job.getMetadata(), old.getMetadata(), "metadata");
        JobStatusRules rules = new JobStatusRules(errors, job, old);
        rules.counters();
        rules.completion();
        rules.finished();
        new JobIndexRules(errors, job, old.getStatus()).check();
        rules.running();
        rules.success();
        rules.transitions();
    }

    private void counters() {
        errors.notNegative("status.active", now.getActive());
        errors.notNegative("status.succeeded", now.getSucceeded());
        errors.notNegative("status.failed", now.getFailed());
        errors.notNegative("status.ready", now.getReady());
        errors.notNegative("status.terminating", now.getTerminating());
        Set<String> seen = new HashSet<>();
        String path = "status.uncountedTerminatedPods";
        pods(now.getUncountedTerminatedPods().getSucceededList(), seen, path + ".succeeded");
        pods(now.getUncountedTerminatedPods().getFailedList(), seen, path + ".failed");
    }

    private void pods(List<String> pods, Set<String> seen, String path) {
        for (int i = 0; i < pods.size(); i++) {
            if (pods.get(i).isEmpty()) {
                errors.invalid(path + "[" + i + "]", "", "must not be empty");
            } else if (!seen.add(pods.get(i))) {
                errors.duplicate(path + "[" + i + "]", pods.get(i));
            }
        }
    }

    private void completion() {
        boolean complete = is(now, COMPLETE);
        boolean completed = complete != is(before, COMPLETE);
        boolean timed = completed || completionTimeChanged();
        if (complete && is(now, FAILED) && (completed || is(before, FAILED) != is(now, FAILED))) {
            bad("cannot set Complete=True and Failed=true conditions");
        }
        if (complete && is(now, FAILURE_TARGET) && (completed || changed(FAILURE_TARGET))) {
            bad("cannot set Complete=True and FailureTarget=true conditions");
        }
        if (timed && now.hasCompletionTime() && !complete) {
            errors.invalid(
                    "status.completionTime",
                    Errors.shown(now.getCompletionTime()),
                    "cannot set completionTime when there is no Complete=True condition");
        }
        if (timed && !now.hasCompletionTime() && complete) {
            errors.required("status.completionTime", "completionTime is required for Complete jobs");
        }
        boolean ordered = !now.hasStartTime()
                || !now.hasCompletionTime()
                || now.getCompletionTime().getSeconds() >= now.getStartTime().getSeconds();
        if (!ordered && (startChanged() || completionTimeChanged())) {
            errors.invalid(
                    "status.completionTime",
                    Errors.shown(now.getCompletionTime()),
                    "must be equal to or after `startTime`");
        }
        boolean indexes = !now.getFailedIndexes().equals(before.getFailedIndexes())
                || now.hasFailedIndexes() != before.hasFailedIndexes();
        if ((changed(FAILED) || indexes) && is(now, FAILED) && !is(now, FAILURE_TARGET)) {
            bad("cannot set Failed=True condition without the FailureTarget=true condition");
        }
        if ((completed || changed(SUCCESS_CRITERIA_MET)) && complete && !is(now, SUCCESS_CRITERIA_MET)) {
            bad("cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        }
    }

    private void finished() {
        if (!isFinished(now)) {
            return;
        }
        boolean newly = !isFinished(before);
        if ((newly || now.getActive() != before.getActive()) && now.getActive() > 0) {
            errors.invalid("status.active", now.getActive(), "active>0 is invalid for finished job");
        }
        boolean suspendedWithNothing = job.getSpec().getSuspend()
                && job.getSpec().hasCompletions()
                && job.getSpec().getCompletions() == 0;
        if ((newly || startChanged()) && !suspendedWithNothing && !now.hasStartTime()) {
            errors.required("status.startTime", "startTime is required for finished job");
        }
        UncountedTerminatedPods pods = now.getUncountedTerminatedPods();
        if ((newly || !pods.equals(before.getUncountedTerminatedPods()))
                && pods.getFailedCount() + pods.getSucceededCount() > 0) {
            errors.invalid("status.uncountedTerminatedPods", Errors.shown(pods), "must be empty for finished job");
        }
    }

    private void running() {
        boolean terminating = isFinished(now) != isFinished(before) || now.getTerminating() != before.getTerminating();
        if (terminating && now.getTerminating() > 0 && isFinished(now)) {
            errors.invalid("status.terminating", now.getTerminating(), "terminating>0 is invalid for finished job");
        }
        boolean counted = now.getReady() != before.getReady()
                || now.hasReady() != before.hasReady()
                || now.getActive() != before.getActive();
        if (counted && now.hasReady() && now.getReady() > now.getActive()) {
            errors.invalid("status.ready", now.getReady(), "cannot set more ready pods than active");
        }
    }

    private void success() {
        boolean met = is(now, SUCCESS_CRITERIA_MET);
        if (met && is(now, FAILED)) {
            bad("cannot set SuccessCriteriaMet=True and Failed=true conditions");
        }
        if (met && is(now, FAILURE_TARGET)) {
            bad("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        }
        if (job.getSpec().hasSuccessPolicy() && !met && is(now, COMPLETE)) {
            bad("cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
        }
    }

    private void transitions() {
        for (String type : List.of(FAILED, COMPLETE, FAILURE_TARGET)) {
            if (is(before, type) && !is(now, type)) {
                bad("cannot disable the terminal " + type + "=True condition");
            }
        }
        if (now.getFailed() < before.getFailed()) {
            errors.invalid("status.failed", now.getFailed(), "cannot decrease the failed counter");
        }
        boolean elastic = JobIndexRules.isIndexed(job)
                && job.getSpec().hasCompletions() == job.getSpec().hasParallelism()
                && job.getSpec().getCompletions() == job.getSpec().getParallelism();
        if (!elastic && now.getSucceeded() < before.getSucceeded()) {
            errors.invalid("status.succeeded", now.getSucceeded(), "cannot decrease the succeeded counter");
        }
        if (now.hasCompletionTime()
                && before.hasCompletionTime()
                && !now.getCompletionTime().equals(before.getCompletionTime())) {
            errors.invalid("status.completionTime", Errors.shown(now.getCompletionTime()), "field is immutable");
        }
        boolean resuming = is(before, SUSPENDED) && condition(now, SUSPENDED, FALSE);
        if (startChanged()
                && !resuming
                && before.hasStartTime()
                && !job.getSpec().getSuspend()) {
            errors.invalid(
                    "status.startTime",
                    now.hasStartTime() ? Errors.shown(now.getStartTime()) : Errors.bare("null"),
                    "field is immutable for unsuspended job once set");
        }
        if (is(before, SUCCESS_CRITERIA_MET) && !is(now, SUCCESS_CRITERIA_MET)) {
            bad("cannot disable the SuccessCriteriaMet=True condition");
        }
        if (is(before, COMPLETE) && !is(before, SUCCESS_CRITERIA_MET) && is(now, SUCCESS_CRITERIA_MET)) {
            bad("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
        }
    }

    private void bad(String detail) {
        errors.invalid(CONDITIONS, null, detail);
    }

    private boolean startChanged() {
        return now.hasStartTime() != before.hasStartTime()
                || !now.getStartTime().equals(before.getStartTime());
    }

    private boolean completionTimeChanged() {
        return now.hasCompletionTime() != before.hasCompletionTime()
                || !now.getCompletionTime().equals(before.getCompletionTime());
    }

    private boolean changed(String type) {
        return is(now, type) != is(before, type);
    }

    private static boolean isFinished(JobStatus status) {
        return is(status, COMPLETE) || is(status, FAILED);
    }

    private static boolean is(JobStatus status, String type) {
        return condition(status, type, TRUE);
    }

    private static boolean condition(JobStatus status, String type, String value) {
        return status.getConditionsList().stream()
                .anyMatch(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals(value));
    }
}
