package io.jollyboat.apiserver.definitions;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionCondition;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.custom.CustomDefinition;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.ListQuery;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Deletes the objects of a definition that is being deleted. */
final class InstanceCleanup {
    static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LATER = Duration.ofSeconds(5);

    private final CustomResources served;
    private final ResourceService resources;
    private final UserInfo server;

    InstanceCleanup(CustomResources served, ResourceService resources, UserInfo server) {
        this.served = served;
        this.resources = resources;
        this.server = server;
    }

    /**
     * How far the cleanup has come.
     *
     * @param condition to be set, null for none
     * @param again when to look again; null when no object is left
     */
    record Result(CustomResourceDefinitionCondition condition, Duration again) {}

    Result run(CustomResourceDefinition definition, Instant now) {
        if (Overlaps.withBuiltIn(definition)) {
            return new Result(
                    terminating(
                            "False",
                            "OverlappingBuiltInResource",
                            "instances overlap with built-in resources in storage"),
                    null);
        }
        if (!CustomDefinition.isTrue(definition, "Established")) {
            return new Result(terminating("False", "NeverEstablished", "resource was never established"), null);
        }
        Optional<CustomDefinition> known =
                served.definition(definition.getMetadata().getName());
        if (known.isEmpty()) {
            return new Result(null, SOON); // about to be served
        }
        ResourceType<?> type = known.get().storageVersion().type();
        try {
            if (delete(type)) {
                return new Result(terminating("False", "InstanceDeletionCompleted", "removed all instances"), null);
            }
        } catch (ApiException e) {
            return new Result(
                    terminating("True", "InstanceDeletionFailed", "could not issue all deletes: " + e.getMessage()),
                    LATER);
        }
        Instant since = Times.instant(definition.getMetadata().getDeletionTimestamp());
        return now.isBefore(since.plus(PATIENCE))
                ? new Result(null, SOON)
                : new Result(
                        terminating(
                                "True",
                                "InstanceDeletionCheck",
                                "could not confirm zero CustomResources remaining: timed out waiting for the"
                                        + " condition"),
                        LATER);
    }

    /** Deletes those that are not being deleted yet; true when none is left. */
    private boolean delete(ResourceType<?> type) {
        Target all = new Target(type, "", "", "");
        List<Entry> instances = resources.list(all, ListQuery.ALL).entries();
        for (Entry entry : instances) {
            if (entry.meta().hasDeletionTimestamp()) {
                continue;
            }
            Target one = new Target(type, entry.namespace(), entry.name(), "");
            try {
                resources.delete(Call.own(server), one, DeleteOptions.getDefaultInstance());
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        return instances.isEmpty()
                || resources.list(all, ListQuery.ALL).entries().isEmpty();
    }

    private static CustomResourceDefinitionCondition terminating(String status, String reason, String message) {
        return DefinitionNames.condition("Terminating", status, reason, message);
    }
}
