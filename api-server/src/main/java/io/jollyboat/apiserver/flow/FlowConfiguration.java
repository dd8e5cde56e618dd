package io.jollyboat.apiserver.flow;

import io.jollyboat.api.flowcontrol.v1.FlowSchema;
import io.jollyboat.api.flowcontrol.v1.FlowSchemaCondition;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfiguration;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Follows the objects that flow control is configured by. Run again and again by one thread. */
public final class FlowConfiguration implements Runnable {
    private static final String DANGLING = "Dangling";
    private static final int ADJUST_EVERY = 10;
    private static final ResourceType<FlowSchema> SCHEMAS = Kinds.of(FlowSchema.class);
    private static final ResourceType<PriorityLevelConfiguration> LEVELS = Kinds.of(PriorityLevelConfiguration.class);

    private final FlowControl control;
    private final ObjectStorages storages;
    private final ResourceService resources;
    private final Supplier<Call> server;
    private final Runtime runtime;
    private List<Entry> known = List.of();
    private int runs;

    /** @param server makes a call with the server's own rights */
    public FlowConfiguration(
            FlowControl control,
            ObjectStorages storages,
            ResourceService resources,
            Supplier<Call> server,
            Runtime runtime) {
        this.control = control;
        this.storages = storages;
        this.resources = resources;
        this.server = server;
        this.runtime = runtime;
    }

    /** Once a second; each tenth time the seats are shared out anew. */
    @Override
    public void run() {
        List<Entry> levels = storages.of(LEVELS).cache().snapshot().list("");
        List<Entry> schemas = storages.of(SCHEMAS).cache().snapshot().list("");
        List<Entry> all = new java.util.ArrayList<>(levels);
        all.addAll(schemas);
        if (!isKnown(all)) {
            control.configure(
                    levels.stream()
                            .map(entry -> (PriorityLevelConfiguration) entry.object())
                            .toList(),
                    schemas.stream().map(entry -> (FlowSchema) entry.object()).toList());
            Set<String> names = levels.stream().map(Entry::name).collect(Collectors.toSet());
            schemas.forEach(entry -> tell((FlowSchema) entry.object(), names));
            known = all;
        } else if (++runs % ADJUST_EVERY == 0) {
            control.adjust();
        }
    }

    private boolean isKnown(List<Entry> now) {
        if (now.size() != known.size()) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i).revision() != known.get(i).revision()) {
                return false;
            }
        }
        return true;
    }

    /** Says of a schema whether its level exists. */
    private void tell(FlowSchema schema, Set<String> levels) {
        String level = schema.getSpec().getPriorityLevelConfiguration().getName();
        boolean there = levels.contains(level);
        FlowSchemaCondition wanted = FlowSchemaCondition.newBuilder()
                .setType(DANGLING)
                .setStatus(there ? "False" : "True")
                .setReason(there ? "Found" : "NotFound")
                .setMessage("This FlowSchema references the PriorityLevelConfiguration object named \"" + level + "\" "
                        + (there ? "and it exists" : "but there is no such object"))
                .build();
        boolean told = schema.getStatus().getConditionsList().stream()
                .anyMatch(condition ->
                        condition.toBuilder().clearLastTransitionTime().build().equals(wanted));
        if (told) {
            return;
        }
        FlowSchema.Builder next = schema.toBuilder();
        next.getStatusBuilder().clearConditions();
        schema.getStatus().getConditionsList().stream()
                .filter(condition -> !condition.getType().equals(DANGLING))
                .forEach(next.getStatusBuilder()::addConditions);
        next.getStatusBuilder()
                .addConditions(wanted.toBuilder()
                        .setLastTransitionTime(Times.time(runtime.now().truncatedTo(ChronoUnit.SECONDS))));
        try {
            resources.update(
                    server.get(), new Target(SCHEMAS, "", schema.getMetadata().getName(), "status"), next.build());
        } catch (ApiException e) {
            // Another server was faster, or the schema is gone: what comes then is looked at.
            if (!e.isNotFound() && e.code() != 409) {
                throw e;
            }
        }
    }
}
