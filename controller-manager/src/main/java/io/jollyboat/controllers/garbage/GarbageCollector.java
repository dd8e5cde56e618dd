package io.jollyboat.controllers.garbage;

import com.google.protobuf.Message;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Enqueuer;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.garbage.Graph.View;
import io.jollyboat.controllers.garbage.Graph.Work;
import io.jollyboat.controllers.objects.CustomTypes;
import io.jollyboat.controllers.objects.ServedTypes;
import io.jollyboat.controllers.remote.RemoteFollower;
import io.jollyboat.errors.ApiException;
import io.jollyboat.events.EventType;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts the garbage collector together. Made after the other controllers, it shares their caches. */
public final class GarbageCollector {
    private static final int WORKERS = 8;

    private final ControllerContext context;
    private final Graph graph = new Graph(this::accept);
    private final ControllerLoop deletions;
    private final ControllerLoop orphans;
    private final ControllerLoop definitions;
    private final Collector collector;
    private final LiveObjects live;
    // Only the one worker that follows definitions: the informers of their objects, by definition.
    private final Map<String, Informer<?>> custom = new HashMap<>();
    // Only the one worker that follows other servers: the informers of their objects.
    private final Map<ResourceType<?>, Informer<?>> remote = new HashMap<>();

    private GarbageCollector(ControllerContext context) {
        this.context = context;
        Later queue = new Later();
        this.live = new LiveObjects(context.client());
        this.collector = new Collector(context, graph, queue, live);
        this.deletions = context.loop("garbage-collector", WORKERS, collector::attemptToDelete);
        this.orphans = context.loop("garbage-collector-orphans", WORKERS, collector::attemptToOrphan);
        this.definitions = context.loop("garbage-collector-definitions", 1, this::learn);
        queue.loop = deletions;
    }

    public static Controller create(ControllerContext context) {
        GarbageCollector collector = new GarbageCollector(context);
        List<Informer<?>> informers = new ArrayList<>();
        for (ResourceType<?> type : ServedTypes.deletable()) {
            if (!type.plural().equals("events")) {
                informers.add(collector.watch(type));
            }
        }
        Informer<CustomResourceDefinition> custom =
                context.informers().metadata(Kinds.of(CustomResourceDefinition.class));
        custom.addHandler((before, after) -> {
            CustomResourceDefinition either = after == null ? before : after;
            collector.definitions.add(ObjectKey.cluster(either.getMetadata().getName()));
        });
        RemoteFollower remote = new RemoteFollower(
                context, "garbage-collector-remote", List.of("delete", "list", "watch"), new RemoteFollower.Listener() {
                    @Override
                    public void came(ResourceType<CustomObject> type) {
                        collector.came(type);
                    }

                    @Override
                    public void went(ResourceType<CustomObject> type) {
                        collector.went(type);
                    }
                });
        // Not before all is seen: an owner of a kind that is not must not count as absent.
        Informer<?>[] all = informers.toArray(Informer[]::new);
        return remote.addTo(Controller.of(collector.deletions, all)
                .and(collector.orphans, all)
                .and(collector.definitions, custom));
    }

    /** Of another server. Nobody waits until its objects are seen: it may be away for long. */
    private void came(ResourceType<CustomObject> type) {
        if (live.learn(type)) {
            remote.put(type, watch(type));
            context.informers().start();
            graph.inSight(type);
        }
    }

    /** Its objects cannot be reached any more, which does not mean that they are gone. */
    private void went(ResourceType<CustomObject> type) {
        Informer<?> gone = remote.remove(type);
        if (gone != null) {
            live.forget(type);
            context.informers().forget(gone);
            outOfSight(gone);
        }
    }

    private <T extends Message> void outOfSight(Informer<T> gone) {
        List.copyOf(gone.list())
                .forEach(object -> graph.outOfSight(gone.type(), gone.type().meta(object)));
    }

    /** A definition came or changed: its objects are watched from the moment they are served. */
    private Outcome learn(ObjectKey key) {
        CustomResourceDefinition definition;
        try {
            definition = context.client().get(Kinds.of(CustomResourceDefinition.class), key);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                forget(key.name());
                return Outcome.done();
            }
            throw e;
        }
        CustomTypes.of(definition).ifPresent(type -> {
            Informer<?> known = custom.get(key.name());
            if (known != null && !known.type().version().equals(type.version())) {
                forget(key.name()); // the version that was watched need not be served any more
            }
            if (live.learn(type)) {
                custom.put(key.name(), watch(type));
                context.informers().start();
            }
        });
        return Outcome.done();
    }

    /** A definition has gone, and its objects with it: nobody is to be asked for them again. */
    private void forget(String definition) {
        Informer<?> gone = custom.remove(definition);
        if (gone != null) {
            live.forget(gone.type());
            context.informers().forget(gone);
            removeAll(gone);
        }
    }

    private <T extends Message> void removeAll(Informer<T> gone) {
        List.copyOf(gone.list())
                .forEach(object -> graph.changed(gone.type(), gone.type().meta(object), null));
    }

    private <T extends Message> Informer<T> watch(ResourceType<T> type) {
        Informer<T> informer = context.informers().metadata(type);
        informer.addHandler((before, after) -> graph.changed(
                type, before == null ? null : type.meta(before), after == null ? null : type.meta(after)));
        return informer;
    }

    private void accept(Work work) {
        switch (work) {
            case Work.AttemptToDelete delete -> deletions.add(ObjectKey.cluster(delete.uid()));
            case Work.AttemptToOrphan orphan -> orphans.add(ObjectKey.cluster(orphan.uid()));
            case Work.InvalidOwner invalid -> report(invalid);
        }
    }

    private void report(Work.InvalidOwner invalid) {
        graph.view(invalid.uid()).map(View::identity).ifPresent(dependent -> {
            OwnerReference owner = invalid.reference();
            String reference = "[" + owner.getApiVersion() + "/" + owner.getKind() + ", namespace: "
                    + dependent.namespace() + ", name: " + owner.getName() + ", uid: " + owner.getUid() + "]";
            context.events()
                    .record(
                            ObjectReference.newBuilder()
                                    .setApiVersion(dependent.apiVersion())
                                    .setKind(dependent.kind())
                                    .setNamespace(dependent.namespace())
                                    .setName(dependent.name())
                                    .setUid(dependent.uid())
                                    .build(),
                            EventType.WARNING,
                            "OwnerRefInvalidNamespace",
                            "ownerRef " + reference + " does not exist in namespace \"" + dependent.namespace() + "\"");
        });
    }

    /** The collector adds to the loop that runs it. */
    private static final class Later implements Enqueuer {
        private Enqueuer loop;

        @Override
        public void add(ObjectKey key) {
            loop.add(key);
        }

        @Override
        public void addAfter(ObjectKey key, Duration delay) {
            loop.addAfter(key, delay);
        }
    }
}
