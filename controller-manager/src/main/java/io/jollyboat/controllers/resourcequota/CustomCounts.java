package io.jollyboat.controllers.resourcequota;

import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.objects.CustomTypes;
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
 * Counts custom resources for the quotas that limit them, as {@code count/<plural>.<group>}. They are watched from when
 * the first such quota is seen until their definition goes; a quota about anything else costs nothing here.
 */
final class CustomCounts {
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

    private record Watched(Informer<CustomObject> objects, Counted counted) {}

    /** Whether the quota limits the objects of a definition. */
    static boolean limits(ResourceQuota quota, String definition) {
        return quota.getSpec().containsHard(COUNT + definition);
    }

    /** The custom resources that the quota limits and that are served, each seen whole once at least. */
    List<Counted> of(ResourceQuota quota) throws InterruptedException {
        List<Counted> found = new ArrayList<>();
        for (String name : quota.getSpec().getHardMap().keySet()) {
            // Those of upstream's own groups are counted anyway.
            if (name.startsWith(COUNT) && name.contains(".") && !isBuiltIn(name.substring(COUNT.length()))) {
                Optional<Watched> one = watch(name.substring(COUNT.length()));
                if (one.isPresent()) {
                    one.get().objects().awaitSync();
                    found.add(one.get().counted());
                }
            }
        }
        return found;
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
        Optional<ResourceType<CustomObject>> type =
                CustomTypes.named(context.client(), definition).filter(ResourceType::namespaced);
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
        Watched now = new Watched(objects, new Counted(evaluator, objects::list));
        watched.put(definition, now);
        return Optional.of(now);
    }

    /** The definition is gone, or serves its objects otherwise: they are looked up anew when a quota is counted. */
    synchronized void forget(String definition) {
        Watched gone = watched.remove(definition);
        if (gone != null) {
            context.informers().forget(gone.objects());
        }
    }
}
