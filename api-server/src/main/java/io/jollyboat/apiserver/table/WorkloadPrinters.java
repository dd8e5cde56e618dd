package io.jollyboat.apiserver.table;

import static io.jollyboat.apiserver.table.CellText.age;
import static io.jollyboat.apiserver.table.CellText.containerNames;
import static io.jollyboat.apiserver.table.CellText.images;
import static io.jollyboat.apiserver.table.CellText.selector;

import io.jollyboat.api.apps.v1.ControllerRevision;
import io.jollyboat.api.apps.v1.DaemonSet;
import io.jollyboat.api.apps.v1.DaemonSetStatus;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.StatefulSet;
import io.jollyboat.api.batch.v1.CronJob;
import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.api.batch.v1.JobStatus;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.api.policy.v1.PodDisruptionBudget;
import io.jollyboat.values.IntOrStrings;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Controllers of pods. */
final class WorkloadPrinters {
    private WorkloadPrinters() {}

    static void register() {
        Printers.add(
                Deployment.class,
                Column.of("Name", "Ready", "Up-to-date", "Available", "Age", "Containers*", "Images*", "Selector*"),
                (deployment, now) -> {
                    List<Container> containers =
                            deployment.getSpec().getTemplate().getSpec().getContainersList();
                    return List.of(
                            deployment.getMetadata().getName(),
                            deployment.getStatus().getReadyReplicas() + "/"
                                    + deployment.getSpec().getReplicas(),
                            (long) deployment.getStatus().getUpdatedReplicas(),
                            (long) deployment.getStatus().getAvailableReplicas(),
                            age(deployment.getMetadata(), now),
                            containerNames(containers),
                            images(containers),
                            selector(deployment.getSpec().getSelector()));
                });
        List<Column> replicas = Column.of(
                "Name",
                "Desired:integer",
                "Current:integer",
                "Ready:integer",
                "Age",
                "Containers*",
                "Images*",
                "Selector*");
        Printers.add(
                ReplicaSet.class,
                replicas,
                (set, now) -> replicas(
                        set.getMetadata(),
                        set.getSpec().getReplicas(),
                        set.getStatus().getReplicas(),
                        set.getStatus().getReadyReplicas(),
                        set.getSpec().getTemplate(),
                        selector(set.getSpec().getSelector()),
                        now));
        Printers.add(
                ReplicationController.class,
                replicas,
                (controller, now) -> replicas(
                        controller.getMetadata(),
                        controller.getSpec().getReplicas(),
                        controller.getStatus().getReplicas(),
                        controller.getStatus().getReadyReplicas(),
                        controller.getSpec().getTemplate(),
                        CellText.labels(controller.getSpec().getSelectorMap()),
                        now));
        Printers.add(StatefulSet.class, Column.of("Name", "Ready", "Age", "Containers*", "Images*"), (set, now) -> {
            List<Container> containers = set.getSpec().getTemplate().getSpec().getContainersList();
            return List.of(
                    set.getMetadata().getName(),
                    set.getStatus().getReadyReplicas() + "/" + set.getSpec().getReplicas(),
                    age(set.getMetadata(), now),
                    containerNames(containers),
                    images(containers));
        });
        Printers.add(
                DaemonSet.class,
                Column.of(
                        "Name",
                        "Desired:integer",
                        "Current:integer",
                        "Ready:integer",
                        "Up-to-date:integer",
                        "Available:integer",
                        "Node Selector",
                        "Age",
                        "Containers*",
                        "Images*",
                        "Selector*"),
                (set, now) -> {
                    DaemonSetStatus status = set.getStatus();
                    List<Container> containers =
                            set.getSpec().getTemplate().getSpec().getContainersList();
                    return List.of(
                            set.getMetadata().getName(),
                            (long) status.getDesiredNumberScheduled(),
                            (long) status.getCurrentNumberScheduled(),
                            (long) status.getNumberReady(),
                            (long) status.getUpdatedNumberScheduled(),
                            (long) status.getNumberAvailable(),
                            CellText.labels(
                                    set.getSpec().getTemplate().getSpec().getNodeSelectorMap()),
                            age(set.getMetadata(), now),
                            containerNames(containers),
                            images(containers),
                            selector(set.getSpec().getSelector()));
                });
        Printers.add(
                Job.class,
                Column.of("Name", "Status", "Completions", "Duration", "Age", "Containers*", "Images*", "Selector*"),
                WorkloadPrinters::job);
        Printers.add(
                CronJob.class,
                Column.of(
                        "Name",
                        "Schedule",
                        "Timezone",
                        "Suspend:boolean",
                        "Active:integer",
                        "Last Schedule",
                        "Age",
                        "Containers*",
                        "Images*",
                        "Selector*"),
                WorkloadPrinters::cronJob);
        Printers.add(
                ControllerRevision.class,
                Column.of("Name", "Controller", "Revision", "Age"),
                (revision, now) -> List.of(
                        revision.getMetadata().getName(),
                        controller(revision),
                        revision.getRevision(),
                        age(revision.getMetadata(), now)));
        Printers.add(
                PodDisruptionBudget.class,
                Column.of("Name", "Min Available", "Max Unavailable", "Allowed Disruptions:integer", "Age"),
                (budget, now) -> List.of(
                        budget.getMetadata().getName(),
                        budget.getSpec().hasMinAvailable()
                                ? IntOrStrings.text(budget.getSpec().getMinAvailable())
                                : "N/A",
                        budget.getSpec().hasMaxUnavailable()
                                ? IntOrStrings.text(budget.getSpec().getMaxUnavailable())
                                : "N/A",
                        (long) budget.getStatus().getDisruptionsAllowed(),
                        age(budget.getMetadata(), now)));
    }

    private static List<Object> replicas(
            ObjectMeta meta,
            long desired,
            long current,
            long ready,
            PodTemplateSpec template,
            String selector,
            Instant now) {
        List<Container> containers = template.getSpec().getContainersList();
        return List.of(
                meta.getName(),
                desired,
                current,
                ready,
                age(meta, now),
                containerNames(containers),
                images(containers),
                selector);
    }

    private static List<Object> job(Job job, Instant now) {
        JobStatus status = job.getStatus();
        String completions;
        if (job.getSpec().hasCompletions()) {
            completions = status.getSucceeded() + "/" + job.getSpec().getCompletions();
        } else {
            int parallel = job.getSpec().getParallelism();
            completions = status.getSucceeded() + (parallel > 1 ? "/1 of " + parallel : "/1");
        }
        String duration = "";
        if (status.hasStartTime()) {
            Instant end = status.hasCompletionTime() ? Times.instant(status.getCompletionTime()) : now;
            duration = CellText.duration(Duration.between(Times.instant(status.getStartTime()), end));
        }
        List<Container> containers = job.getSpec().getTemplate().getSpec().getContainersList();
        return List.of(
                job.getMetadata().getName(),
                state(job),
                completions,
                duration,
                age(job.getMetadata(), now),
                containerNames(containers),
                images(containers),
                selector(job.getSpec().getSelector()));
    }

    private static String state(Job job) {
        for (String type : List.of("Complete", "Failed")) {
            if (has(job, type)) {
                return type;
            }
        }
        if (job.getMetadata().hasDeletionTimestamp()) {
            return "Terminating";
        }
        for (String type : List.of("Suspended", "FailureTarget", "SuccessCriteriaMet")) {
            if (has(job, type)) {
                return type;
            }
        }
        return "Running";
    }

    private static boolean has(Job job, String type) {
        return job.getStatus().getConditionsList().stream()
                .anyMatch(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals("True"));
    }

    private static List<Object> cronJob(CronJob job, Instant now) {
        List<Container> containers =
                job.getSpec().getJobTemplate().getSpec().getTemplate().getSpec().getContainersList();
        return List.of(
                job.getMetadata().getName(),
                job.getSpec().getSchedule(),
                job.getSpec().hasTimeZone() ? job.getSpec().getTimeZone() : CellText.NONE,
                job.getSpec().hasSuspend() ? (job.getSpec().getSuspend() ? "True" : "False") : CellText.UNSET,
                (long) job.getStatus().getActiveCount(),
                job.getStatus().hasLastScheduleTime()
                        ? CellText.since(job.getStatus().getLastScheduleTime(), now)
                        : CellText.NONE,
                age(job.getMetadata(), now),
                containerNames(containers),
                images(containers),
                selector(job.getSpec().getJobTemplate().getSpec().getSelector()));
    }

    private static String controller(ControllerRevision revision) {
        for (OwnerReference owner : revision.getMetadata().getOwnerReferencesList()) {
            if (owner.getController()) {
                int slash = owner.getApiVersion().indexOf('/');
                String group = slash < 0 ? "" : "." + owner.getApiVersion().substring(0, slash);
                return (owner.getKind() + group).toLowerCase(Locale.ROOT) + "/" + owner.getName();
            }
        }
        return CellText.NONE;
    }
}
