package io.jollyboat.controllers.resourcequota;

import com.google.protobuf.Message;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.core.v1.ResourceQuotaStatus;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.resource.v1.ResourceClaim;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.objects.ServedTypes;
import io.jollyboat.controllers.remote.RemoteFollower;
import io.jollyboat.controllers.resourcequota.QuotaUsage.Counted;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.quota.QuotaEvaluator;
import io.jollyboat.quota.QuotaEvaluators;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps the status of quotas: what is limited, and how much is used. The API server charges what is created; here it is
 * counted anew when objects go, when a quota changes, and every few minutes, as charged writes may have failed.
 */
public final class ResourceQuotaController {
    private static final ResourceType<ResourceQuota> QUOTAS = Kinds.of(ResourceQuota.class);
    /** Of these it matters what they ask for, of the others only how many they are. */
    private static final Set<ResourceType<?>> WHOLE = Set.of(
            Kinds.of(Pod.class),
            Kinds.of(Service.class),
            Kinds.of(PersistentVolumeClaim.class),
            Kinds.of(ResourceClaim.class));

    private static final Duration RESYNC = Duration.ofMinutes(5);
    /** Of what another server has and has not told yet. */
    private static final Duration UNSEEN = Duration.ofSeconds(5);

    private static final int WORKERS = 5;

    private final ControllerContext context;
    private final Informer<ResourceQuota> quotas;
    private final ControllerLoop loop;
    private final List<Counted> resources = new ArrayList<>();
    private final List<Informer<?>> caches = new ArrayList<>();
    private final CustomCounts custom;

    private ResourceQuotaController(ControllerContext context) {
        this.context = context;
        this.quotas = context.informers().of(QUOTAS);
        this.loop = context.loop("resourcequota", WORKERS, this::reconcile);
        this.custom = new CustomCounts(context, new QuotaEvaluators(context.runtime()::now), this::replenish);
    }

    /** Made after those that need whole objects: shares their caches, and keeps metadata of the rest. */
    public static Controller create(ControllerContext context) {
        ResourceQuotaController controller = new ResourceQuotaController(context);
        controller.quotas.addHandler((before, after) -> {
            if (after != null && (before == null || !before.getSpec().equals(after.getSpec()))) {
                controller.loop.add(QUOTAS.key(after));
            }
        });
        controller.caches.add(controller.quotas);
        QuotaEvaluators evaluators = new QuotaEvaluators(context.runtime()::now);
        for (ResourceType<?> type : ServedTypes.deletable()) {
            QuotaEvaluator evaluator = type.namespaced() ? evaluators.of(type.qualifiedResource()) : null;
            if (evaluator != null) {
                controller.count(type, evaluator);
            }
        }
        Informer<CustomResourceDefinition> definitions =
                context.informers().metadata(Kinds.of(CustomResourceDefinition.class));
        definitions.addHandler((before, after) -> controller.defined(
                (after == null ? before : after).getMetadata().getName(), after == null));
        controller.caches.add(definitions);
        RemoteFollower remote =
                new RemoteFollower(context, "resourcequota-remote", CustomCounts.VERBS, new RemoteFollower.Listener() {
                    @Override
                    public void came(ResourceType<CustomObject> type) {
                        controller.defined(type.qualifiedResource(), false);
                    }

                    @Override
                    public void went(ResourceType<CustomObject> type) {
                        controller.defined(type.qualifiedResource(), true);
                    }
                });
        return remote.addTo(Controller.of(controller.loop, controller.caches.toArray(Informer[]::new)));
    }

    private <T extends Message> void count(ResourceType<T> type, QuotaEvaluator evaluator) {
        boolean whole = WHOLE.contains(type);
        Informer<T> objects =
                whole ? context.informers().of(type) : context.informers().metadata(type);
        resources.add(new Counted(evaluator, objects::list));
        caches.add(objects);
        objects.addHandler((before, after) -> {
            if (before != null && (after == null || (whole && evaluator.frees(before, after)))) {
                replenish(type.meta(before).getNamespace(), evaluator);
            }
        });
    }

    /** Quotas that limit a definition's objects are counted anew when it comes, changes or goes. */
    private void defined(String definition, boolean gone) {
        if (gone) {
            custom.forget(definition);
        }
        for (ResourceQuota quota : quotas.list()) {
            if (CustomCounts.limits(quota, definition)) {
                loop.add(QUOTAS.key(quota));
            }
        }
    }

    private void replenish(String namespace, QuotaEvaluator evaluator) {
        for (ResourceQuota quota : quotas.list(namespace)) {
            if (!evaluator.counted(quota.getSpec().getHardMap().keySet()).isEmpty()) {
                loop.add(QUOTAS.key(quota));
            }
        }
    }

    private Outcome reconcile(ObjectKey key) throws InterruptedException {
        ResourceQuota quota = quotas.get(key);
        if (quota == null) {
            return Outcome.done();
        }
        List<Counted> all = new ArrayList<>(resources);
        CustomCounts.Found found = custom.of(quota);
        all.addAll(found.counted());
        ResourceQuotaStatus status = QuotaUsage.status(quota, all);
        if (!QuotaUsage.same(status, quota.getStatus())) {
            try {
                // Of exactly the state that was counted: who was charged meanwhile is not forgotten.
                context.client()
                        .updateStatus(
                                QUOTAS, quota.toBuilder().setStatus(status).build());
            } catch (RuntimeException e) {
                if (!Errors.isNotFound(e)) {
                    throw e;
                }
            }
        }
        return Outcome.after(found.complete() ? RESYNC : UNSEEN);
    }
}
