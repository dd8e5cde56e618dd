package io.jollyboat.apiserver.validation;

import com.google.protobuf.Message;
import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.api.batch.v1.JobSpec;
import io.jollyboat.api.core.v1.Affinity;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.selectors.LabelSelectors;
import io.jollyboat.values.Names;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rules of jobs. */
final class JobRules {
    private static final String UID_LABEL = "batch.kubernetes.io/controller-uid";
    private static final String NAME_LABEL = "batch.kubernetes.io/job-name";

    private JobRules() {}

    static void create(Errors errors, Job job) {
        check(errors, job, true);
    }

    private static void check(Errors errors, Job job, boolean prefixed) {
        MetaRules.check(errors, job.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        if (!job.getSpec().getManualSelector() && job.getSpec().hasSelector()) {
            generatedSelector(errors, job, prefixed);
        }
        JobSpecRules.withSelector(errors, job.getSpec(), "spec");
        boolean indexed = job.getSpec().getCompletionMode().equals("Indexed");
        if (indexed && job.getSpec().getCompletions() > 0) {
            String host = job.getMetadata().getName() + "-" + (job.getSpec().getCompletions() - 1);
            if (!Names.dns1123Label(host).isEmpty()) {
                errors.invalid(
                        "metadata.name",
                        job.getMetadata().getName(),
                        "will not able to create pod with invalid DNS label: " + host);
            }
        }
    }

    /** The labels that a job's pods were given, unless the job's maker chose labels that stand in the way. */
    private static void generatedSelector(Errors errors, Job job, boolean prefixed) {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("controller-uid", job.getMetadata().getUid());
        expected.put("job-name", job.getMetadata().getName());
        if (prefixed) {
            expected.put(UID_LABEL, job.getMetadata().getUid());
            expected.put(NAME_LABEL, job.getMetadata().getName());
        }
        Map<String, String> labels = job.getSpec().getTemplate().getMetadata().getLabelsMap();
        expected.forEach((name, value) -> {
            String at = "spec.template.metadata.labels";
            if (!labels.containsKey(name)) {
                errors.required(at + "[" + name + "]", "must be '" + value + "'");
            } else if (!labels.get(name).equals(value)) {
                errors.invalid(at + "[" + name + "]", Errors.shown(labels), "must be '" + value + "'");
            }
        });
        if (!matches(job.getSpec().getSelector(), expected)) {
            errors.invalid("spec.selector", Errors.shown(job.getSpec().getSelector()), "`selector` not auto-generated");
        }
    }

    private static boolean matches(LabelSelector selector, Map<String, String> labels) {
        try {
            return LabelSelectors.of(selector).matches(labels);
        } catch (IllegalArgumentException e) {
            // What is wrong with it is said elsewhere.
            return true;
        }
    }

    static void update(Errors errors, Job job, Job old) {
        Map<String, String> labels = old.getSpec().getTemplate().getMetadata().getLabelsMap();
        check(errors, job, labels.containsKey(UID_LABEL) && labels.containsKey(NAME_LABEL));
        MetaRules.checkUpdate(errors, job.getMetadata(), old.getMetadata(), "metadata");
        JobSpec spec = job.getSpec();
        JobSpec before = old.getSpec();
        JobSpecRules.withSelector(errors, spec, "spec");
        completions(errors, spec, before);
        unchanged(errors, spec, before, "selector");
        template(errors, job, old);
        unchanged(errors, spec, before, "completionMode");
        unchanged(errors, spec, before, "podFailurePolicy");
        unchanged(errors, spec, before, "backoffLimitPerIndex");
        unchanged(errors, spec, before, "managedBy");
        unchanged(errors, spec, before, "successPolicy");
    }

    private static void unchanged(Errors errors, Message now, Message before, String name) {
        var field = now.getDescriptorForType().findFieldByName(name);
        errors.unchanged(
                "spec." + name,
                now.hasField(field),
                now.getField(field),
                before.hasField(field),
                before.getField(field));
    }

    private static void completions(Errors errors, JobSpec spec, JobSpec old) {
        if (!spec.getCompletionMode().equals("Indexed")) {
            unchanged(errors, spec, old, "completions");
        } else if (spec.hasCompletions()
                && spec.getCompletions() != old.getCompletions()
                && spec.getCompletions() != spec.getParallelism()) {
            errors.invalid(
                    "spec.completions", spec.getCompletions(), "can only be modified in tandem with spec.parallelism");
        }
    }

    /** Until its first pods, a suspended job's pods may be placed otherwise and need more or less. */
    private static void template(Errors errors, Job job, Job old) {
        PodTemplateSpec template = job.getSpec().getTemplate();
        PodTemplateSpec before = old.getSpec().getTemplate();
        boolean suspended = old.getSpec().getSuspend();
        boolean idle =
                suspended && (!old.getStatus().hasStartTime() || old.getStatus().getActive() == 0);
        if (!idle) {
            errors.unchanged("spec.template", template, before);
            return;
        }
        PodSpec compared = placed(before.getSpec(), template.getSpec()).build();
        errors.unchanged("spec.template.spec", template.getSpec(), compared);
    }

    private static PodSpec.Builder placed(PodSpec old, PodSpec spec) {
        PodSpec.Builder result = old.toBuilder()
                .clearNodeSelector()
                .putAllNodeSelector(spec.getNodeSelectorMap())
                .clearTolerations()
                .addAllTolerations(spec.getTolerationsList())
                .clearSchedulingGates()
                .addAllSchedulingGates(spec.getSchedulingGatesList());
        Affinity.Builder affinity = old.getAffinity().toBuilder().clearNodeAffinity();
        if (spec.getAffinity().hasNodeAffinity()) {
            affinity.setNodeAffinity(spec.getAffinity().getNodeAffinity());
        }
        boolean none = affinity.build().equals(Affinity.getDefaultInstance()) && !spec.hasAffinity();
        result.clearAffinity();
        if (!none) {
            result.setAffinity(affinity);
        }
        for (int i = 0; i < result.getContainersCount() && i < spec.getContainersCount(); i++) {
            boolean same = result.getContainers(i)
                    .getName()
                    .equals(spec.getContainers(i).getName());
            if (same && spec.getContainers(i).hasResources()) {
                result.getContainersBuilder(i)
                        .setResources(spec.getContainers(i).getResources());
            }
        }
        return result;
    }
}
