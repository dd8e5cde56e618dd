package io.jollyboat.apiserver.definitions;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionCondition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionStatus;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ResourceCache;
import io.jollyboat.apiserver.custom.CustomDefinition;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.apiserver.request.Written;
import io.jollyboat.codec.Strictness;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.LoopConfig;
import io.jollyboat.controller.Outcome;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings definitions to where their objects are served, and takes those that are deleted away with their objects. */
public final class DefinitionController implements AutoCloseable {
    private static final Duration VISIBLE = Duration.ofSeconds(5);

    private final Runtime runtime;
    private final CustomResources served;
    private final ResourceService resources;
    private final UserInfo server;
    private final InstanceCleanup cleanup;
    private final ControllerLoop loop;

    /** @param server in whose name the status is written */
    public DefinitionController(
            Runtime runtime, CustomResources served, ResourceService resources, UserInfo server, Metrics metrics) {
        this.runtime = runtime;
        this.served = served;
        this.resources = resources;
        this.server = server;
        this.cleanup = new InstanceCleanup(served, resources, server);
        // One worker: two definitions must not be given the same name.
        this.loop = new ControllerLoop(
                "custom resource definitions", this::reconcile, LoopConfig.DEFAULT.withWorkers(1), runtime, metrics);
    }

    public void start() {
        loop.start(List.of());
        served.start(name -> loop.add(ObjectKey.cluster(name)));
    }

    private Outcome reconcile(ObjectKey key) {
        Entry entry = served.cache().get(key.name());
        if (entry == null) {
            freed(groupOf(key.name()));
            return Outcome.done();
        }
        CustomResourceDefinition definition = decoded(entry);
        try {
            definition = named(definition);
            definition = judged(definition);
            definition = established(definition);
            return deleted(definition);
        } catch (ApiException e) {
            if (e.isConflict() || e.isNotFound()) {
                return Outcome.done(); // it has changed: the cache will say so
            }
            throw e;
        }
    }

    private static CustomResourceDefinition decoded(Entry entry) {
        CustomResourceDefinition definition = (CustomResourceDefinition) entry.object();
        entry.cool();
        return definition;
    }

    private static String groupOf(String name) {
        return name.substring(name.indexOf('.') + 1);
    }

    private List<CustomResourceDefinition> group(String group) {
        List<CustomResourceDefinition> found = new ArrayList<>();
        for (Entry entry : served.cache().snapshot().list("")) {
            if (groupOf(entry.name()).equals(group)) {
                found.add(decoded(entry));
            }
        }
        return found;
    }

    /** Names were given back: others of the group may have waited for them. */
    private void freed(String group) {
        for (CustomResourceDefinition other : group(group)) {
            if (!CustomDefinition.isTrue(other, "NamesAccepted")) {
                loop.add(ObjectKey.cluster(other.getMetadata().getName()));
            }
        }
    }

    private CustomResourceDefinition named(CustomResourceDefinition definition) {
        CustomResourceDefinitionStatus status = definition.getStatus();
        if (definition.getSpec().getNames().equals(status.getAcceptedNames())) {
            return definition;
        }
        DefinitionNames names =
                DefinitionNames.decide(definition, group(definition.getSpec().getGroup()));
        CustomResourceDefinitionCondition naming = names.conditions().getFirst();
        boolean same = names.accepted().equals(status.getAcceptedNames())
                && CustomDefinition.condition(definition, naming.getType())
                        .filter(present -> says(present, naming))
                        .isPresent();
        if (same) {
            return definition;
        }
        CustomResourceDefinition.Builder changed = definition.toBuilder();
        changed.getStatusBuilder().setAcceptedNames(names.accepted());
        names.conditions().forEach(condition -> set(changed, condition));
        CustomResourceDefinition written = write(changed.build());
        freed(definition.getSpec().getGroup());
        return written;
    }

    private CustomResourceDefinition judged(CustomResourceDefinition definition) {
        Optional<CustomResourceDefinitionCondition> approval = ApprovalPolicy.condition(definition);
        if (approval.isEmpty()
                || CustomDefinition.condition(definition, approval.get().getType())
                        .filter(present -> says(present, approval.get()))
                        .isPresent()) {
            return definition;
        }
        CustomResourceDefinition.Builder changed = definition.toBuilder();
        set(changed, approval.get());
        return write(changed.build());
    }

    private CustomResourceDefinition established(CustomResourceDefinition definition) {
        if (!CustomDefinition.isTrue(definition, "NamesAccepted")
                || CustomDefinition.isTrue(definition, "Established")) {
            return definition;
        }
        CustomResourceDefinition.Builder changed = definition.toBuilder();
        set(
                changed,
                DefinitionNames.condition(
                        "Established", "True", "InitialNamesAccepted", "the initial names have been accepted"));
        return write(changed.build());
    }

    private Outcome deleted(CustomResourceDefinition definition) {
        if (!definition.getMetadata().hasDeletionTimestamp()
                || !definition.getMetadata().getFinalizersList().contains(InstanceCleanup.FINALIZER)) {
            return Outcome.done();
        }
        CustomResourceDefinition.Builder changed = definition.toBuilder();
        if (!CustomDefinition.condition(definition, "Terminating")
                .filter(condition -> condition.getReason().equals("InstanceDeletionInProgress")
                        || condition.getReason().equals("InstanceDeletionCheck"))
                .isPresent()) {
            set(
                    changed,
                    DefinitionNames.condition(
                            "Terminating",
                            "True",
                            "InstanceDeletionInProgress",
                            "CustomResource deletion is in progress"));
            changed = write(changed.build()).toBuilder();
        }
        InstanceCleanup.Result result = cleanup.run(changed.build(), runtime.now());
        if (result.condition() != null) {
            set(changed, result.condition());
        }
        if (result.again() == null) {
            List<String> rest = new ArrayList<>(changed.getMetadata().getFinalizersList());
            rest.remove(InstanceCleanup.FINALIZER);
            changed.getMetadataBuilder().clearFinalizers().addAllFinalizers(rest);
        }
        if (!changed.getStatus().equals(definition.getStatus()) || result.again() == null) {
            write(changed.build());
        }
        return result.again() == null ? Outcome.done() : Outcome.after(result.again());
    }

    private static boolean says(CustomResourceDefinitionCondition one, CustomResourceDefinitionCondition other) {
        return one.getStatus().equals(other.getStatus())
                && one.getReason().equals(other.getReason())
                && one.getMessage().equals(other.getMessage());
    }

    /** The time is that of the last change of the condition's status. */
    private void set(CustomResourceDefinition.Builder definition, CustomResourceDefinitionCondition condition) {
        CustomResourceDefinitionStatus.Builder status = definition.getStatusBuilder();
        CustomResourceDefinitionCondition dated = condition.toBuilder()
                .setLastTransitionTime(Times.time(runtime.now().truncatedTo(ChronoUnit.SECONDS)))
                .build();
        for (int i = 0; i < status.getConditionsCount(); i++) {
            CustomResourceDefinitionCondition present = status.getConditions(i);
            if (present.getType().equals(condition.getType())) {
                status.setConditions(
                        i,
                        present.getStatus().equals(condition.getStatus())
                                ? dated.toBuilder()
                                        .setLastTransitionTime(present.getLastTransitionTime())
                                        .build()
                                : dated);
                return;
            }
        }
        status.addConditions(dated);
    }

    /** Returns when the cache shows it, so that the next definition is judged with it in mind. */
    private CustomResourceDefinition write(CustomResourceDefinition changed) {
        Target target =
                new Target(CustomResources.TYPE, "", changed.getMetadata().getName(), "status");
        Call call = new Call(server, false, Strictness.WARN, "kube-apiserver", new ArrayList<>());
        Written written = resources.update(call, target, changed);
        if (written.entry() == null) {
            return changed; // it is gone
        }
        ResourceCache cache = served.cache();
        cache.awaitRevision(written.entry().revision(), VISIBLE).join();
        return (CustomResourceDefinition) written.entry().object();
    }

    @Override
    public void close() {
        served.close();
        loop.close();
    }
}
