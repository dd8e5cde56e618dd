package io.jollyboat.apiserver.validation;

import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.api.batch.v1.JobStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of what a controller reports on a job; which status may follow which is not looked at yet. */
final class JobStatusRules {
    private JobStatusRules() {}

    static void update(Errors errors, Job job, Job old) {
        MetaRules.checkUpdate(errors, job.getMetadata(), old.getMetadata(), "metadata");
        JobStatus status = job.getStatus();
        errors.notNegative("status.active", status.getActive());
        errors.notNegative("status.succeeded", status.getSucceeded());
        errors.notNegative("status.failed", status.getFailed());
        errors.notNegative("status.ready", status.getReady());
        errors.notNegative("status.terminating", status.getTerminating());
        Set<String> seen = new HashSet<>();
        String path = "status.uncountedTerminatedPods";
        pods(errors, status.getUncountedTerminatedPods().getSucceededList(), seen, path + ".succeeded");
        pods(errors, status.getUncountedTerminatedPods().getFailedList(), seen, path + ".failed");
    }

    private static void pods(Errors errors, List<String> pods, Set<String> seen, String path) {
        for (int i = 0; i < pods.size(); i++) {
            if (pods.get(i).isEmpty()) {
                errors.invalid(path + "[" + i + "]", "", "must not be empty");
            } else if (!seen.add(pods.get(i))) {
                errors.duplicate(path + "[" + i + "]", pods.get(i));
            }
        }
    }
}
