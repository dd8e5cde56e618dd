package io.jollyboat.controllers.remote;

import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells which resources of other API servers come and go. Asks when an APIService changes, and, as long as there is
 * another server at all, every half minute. What a server that cannot be asked has served is taken to be still there.
 */
public final class RemoteFollower {
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final ObjectKey ALL = ObjectKey.cluster("all");

    private final ControllerContext context;
    private final Collection<String> verbs;
    private final Listener listener;
    private final ControllerLoop loop;
    private final Informer<APIService> services;
    // Only the loop's one worker: by plural name and group.
    private final Map<String, ResourceType<CustomObject>> present = new HashMap<>();

    /** Told on one thread. */
    public interface Listener {
        void came(ResourceType<CustomObject> type);

        /** It may still have objects: they cannot be reached any more. */
        void went(ResourceType<CustomObject> type);
    }

    /**
     * @param name of the loop
     * @param verbs that resources must know to be told of
     */
    public RemoteFollower(ControllerContext context, String name, Collection<String> verbs, Listener listener) {
        this.context = context;
        this.verbs = List.copyOf(verbs);
        this.listener = listener;
        this.loop = context.loop(name, 1, key -> follow());
        this.services = context.informers().metadata(Kinds.of(APIService.class));
        services.addHandler((before, after) -> loop.add(ALL));
    }

    /** Adds itself to the controller that it works for. */
    public Controller addTo(Controller controller) {
        return controller.and(loop, services);
    }

    private Outcome follow() {
        RemoteTypes now = RemoteTypes.of(context.client().remote(), verbs);
        for (Map.Entry<String, ResourceType<CustomObject>> entry : List.copyOf(present.entrySet())) {
            ResourceType<CustomObject> known = entry.getValue();
            ResourceType<CustomObject> next = now.types().get(entry.getKey());
            boolean same = next != null
                    && next.version().equals(known.version())
                    && next.kind().equals(known.kind())
                    && next.namespaced() == known.namespaced();
            if (!same && (next != null || !now.isUnknown(known))) {
                present.remove(entry.getKey());
                listener.went(known);
            }
        }
        now.types().forEach((name, type) -> {
            if (!present.containsKey(name)) {
                present.put(name, type);
                listener.came(type);
            }
        });
        boolean any = !now.types().isEmpty() || !now.unknown().isEmpty() || !present.isEmpty();
        return any ? Outcome.after(AGAIN) : Outcome.done();
    }
}
