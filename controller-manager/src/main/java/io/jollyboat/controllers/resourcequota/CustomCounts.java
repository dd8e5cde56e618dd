package io.jollyboat.controllers.resourcequota;

import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.objects.CustomTypes;
import io.jollyboat.controllers.remote.RemoteTypes;
import io.jollyboat.controllers.resourcequota.QuotaUsage.Counted;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.quota.QuotaEvaluator;
import io.jollyboat.quota.QuotaEvaluators;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Counts custom resources, and those of other API servers, for the quotas that limit them, as
 * {@code count/<plural>.<group>}. They are watched from when the first such quota is seen until they are no longer served;
 * a quota about anything else costs nothing here.
 */
final class CustomCounts {
    /** What a resource must know to be counted. */
    static final List<String> VERBS = List.of("create", "delete", "list", "watch");

    private static final String COUNT = "count/";

    private final ControllerContext context;
    private final QuotaEvaluators evaluators;
    private final BiConsumer<String, QuotaEvaluator> replenish;
    private final Map<String, Watched> watched = new HashMap<>();

    /** @param replenish told the namespace an object went from, and the evaluator that had counted it */
    CustomCounts(ControllerContext context, QuotaEvaluators evaluators, BiConsumer<String, QuotaEvaluator> replenish) {
        this.context = context;
        this.evaluators = evaluators;
        this.replenish = replenish;
    }

    private record Watched(Informer<CustomObject> objects, Counted counted, boolean remote) {}

    /**
     * What is to be counted for a quota.
     *
     * @param complete false while there is something that nobody has seen yet, as its server does not answer
     */
    record Found(List<Counted> counted, boolean complete) {}

    /** Whether the quota limits the objects of a definition. */
    static boolean limits(ResourceQuota quota, String definition) {
        return quota.getSpec().containsHard(COUNT + definition);
    }

    /** The resources that the quota limits and that are served, each seen whole once at least. */
    Found of(ResourceQuota quota) throws InterruptedException {
        List<Counted> found = new ArrayList<>();
        boolean complete = true;
        for (String name : quota.getSpec().getHardMap().keySet()) {
            // Those of upstream's own groups are counted anyway.
            if (!name.startsWith(COUNT) || !name.contains(".") || isBuiltIn(name.substring(COUNT.length()))) {
                continue;
            }
            Optional<Watched> one = watch(name.substring(COUNT.length()));
            if (one.isEmpty()) {
                continue;
            }
            // Another server may be away for long, and the rest of the quota must not wait for it.
            if (!one.get().remote()) {
                one.get().objects().awaitSync();
            }
            if (one.get().objects().hasSynced()) {
                found.add(one.get().counted());
            } else {
                complete = false;
            }
        }
        return new Found(found, complete);
    }

    private static boolean isBuiltIn(String resource) {
        return Kinds.builtIn().all().stream()
                .anyMatch(type -> type.qualifiedResource().equals(resource));
    }

    private synchronized Optional<Watched> watch(String definition) {
        Watched known = watched.get(definition);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<ResourceType<CustomObject>> defined =
                CustomTypes.named(context.client(), definition).filter(ResourceType::namespaced);
        Optional<ResourceType<CustomObject>> type = defined.or(() -> remote(definition));
        QuotaEvaluator evaluator = evaluators.of(definition);
        if (type.isEmpty() || evaluator == null) {
            return Optional.empty();
        }
        Informer<CustomObject> objects = context.informers().metadata(type.get());
        objects.addHandler((before, after) -> {
            if (before != null && after == null) {
                replenish.accept(before.getMetadata().getNamespace(), evaluator);
            }
        });
        context.informers().start();
        Watched now = new Watched(objects, new Counted(evaluator, objects::list), defined.isEmpty());
        watched.put(definition, now);
        return Optional.of(now);
    }

    private Optional<ResourceType<CustomObject>> remote(String resource) {
        return Optional.ofNullable(
                        RemoteTypes.of(context.client().remote(), VERBS).types().get(resource))
                .filter(ResourceType::namespaced);
    }

    /** The definition is gone, or serves its objects otherwise: they are looked up anew when a quota is counted. */
    synchronized void forget(String definition) {
        Watched gone = watched.remove(definition);
        if (gone != null) {
            context.informers().forget(gone.objects());
        }
    }
}
