package io.jollyboat.apiserver.validation;

import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.api.batch.v1.JobStatus;
import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.List;

/** The rules of which indexes of a job are done, written as {@code 1,3-5}. */
final class JobIndexRules {
    private static final String COMPLETED = "status.completedIndexes";
    private static final String FAILED = "status.failedIndexes";

    private final Errors errors;
    private final Job job;
    private final JobStatus now;
    private final boolean completedChanged;
    private final boolean failedChanged;

    JobIndexRules(Errors errors, Job job, JobStatus before) {
        this.errors = errors;
        this.job = job;
        this.now = job.getStatus();
        this.completedChanged = !now.getCompletedIndexes().equals(before.getCompletedIndexes());
        this.failedChanged = now.hasFailedIndexes() != before.hasFailedIndexes()
                || !now.getFailedIndexes().equals(before.getFailedIndexes());
    }

    static boolean isIndexed(Job job) {
        return job.getSpec().getCompletionMode().equals("Indexed");
    }

    void check() {
        String completed = now.getCompletedIndexes();
        String failed = now.getFailedIndexes();
        boolean limited = job.getSpec().hasBackoffLimitPerIndex();
        if (completedChanged && job.getSpec().hasCompletions()) {
            form(COMPLETED, completed);
        }
        if (failedChanged && job.getSpec().hasCompletions() && limited && now.hasFailedIndexes()) {
            form(FAILED, failed);
        }
        if (completedChanged && !completed.isEmpty() && !isIndexed(job)) {
            errors.invalid(
                    COMPLETED, completed, "cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (failedChanged && !limited && now.hasFailedIndexes()) {
            errors.invalid(FAILED, failed, "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        if ((failedChanged || completedChanged) && job.getSpec().hasCompletions() && now.hasFailedIndexes()) {
            overlap(completed, failed);
        }
    }

    private void form(String path, String indexes) {
        String problem = problem(indexes, job.getSpec().getCompletions());
        if (problem != null) {
            String name = path.substring(path.indexOf('.') + 1);
            errors.invalid(path, indexes, "error parsing " + name + ": " + problem);
        }
    }

    private void overlap(String completed, String failed) {
        if (completed.isEmpty() || failed.isEmpty()) {
            return;
        }
        List<Interval> done = intervals(completed);
        List<Interval> broken = intervals(failed);
        int i = 0;
        int j = 0;
        while (i < done.size() && j < broken.size()) {
            Interval one = done.get(i);
            Interval other = broken.get(j);
            if (one.first <= other.last && other.first <= one.last) {
                errors.invalid(
                        FAILED,
                        failed,
                        "failedIndexes and completedIndexes overlap at index: " + Math.max(one.first, other.first));
                return;
            }
            if (one.first <= other.first) {
                i++;
            } else {
                j++;
            }
        }
    }

    /** Those that can be read: the others are told of elsewhere. */
    private List<Interval> intervals(String indexes) {
        List<Interval> intervals = new ArrayList<>();
        for (String text : indexes.split(",", -1)) {
            Parsed parsed = parse(text, job.getSpec().getCompletions());
            if (parsed.problem == null) {
                intervals.add(parsed.interval);
            }
        }
        return intervals;
    }

    private record Interval(int first, int last) {}

    private record Parsed(Interval interval, String problem) {
        static Parsed bad(String problem) {
            return new Parsed(null, problem);
        }
    }

    private static String problem(String indexes, int completions) {
        if (indexes.isEmpty()) {
            return null;
        }
        Integer last = null;
        for (String text : indexes.split(",", -1)) {
            Parsed parsed = parse(text, completions);
            if (parsed.problem != null) {
                return parsed.problem;
            }
            if (last != null && last >= parsed.interval.first) {
                return "non-increasing order, previous: " + last + ", current: " + parsed.interval.first;
            }
            last = parsed.interval.last;
        }
        return null;
    }

    private static Parsed parse(String text, int completions) {
        String[] parts = text.split("-", -1);
        if (parts.length > 2) {
            return Parsed.bad("the fragment " + FieldError.quoted(text)
                    + " violates the requirement that an index interval can have at most two parts separated by '-'");
        }
        int[] limits = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            String quoted = FieldError.quoted(parts[i]);
            try {
                limits[i] = Integer.parseInt(parts[i]);
            } catch (NumberFormatException e) {
                return Parsed.bad("cannot convert string to integer for index: " + quoted);
            }
            if (limits[i] >= completions) {
                return Parsed.bad("too large index: " + quoted);
            }
        }
        if (limits.length > 1 && limits[0] >= limits[1]) {
            return Parsed.bad("non-increasing order, previous: " + limits[0] + ", current: " + limits[1]);
        }
        return new Parsed(new Interval(limits[0], limits[limits.length - 1]), null);
    }
}
