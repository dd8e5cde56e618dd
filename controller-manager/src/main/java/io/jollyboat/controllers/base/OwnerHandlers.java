package io.jollyboat.controllers.base;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.controller.Enqueuer;
import io.jollyboat.controllers.objects.Owners;
import io.jollyboat.controllers.objects.Selector;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.util.Optional;
import java.util.function.Function;

/**
 * Wakes owners when their objects change: the controller before and after the change, and for an orphan all whose
 * selector it matches.
 */
public final class OwnerHandlers<O extends Message, T extends Message> implements Informer.ChangeHandler<T> {
    private final Informer<O> owners;
    private final Informer<T> objects;
    private final Function<O, Selector> selector;
    private final Enqueuer queue;

    public OwnerHandlers(Informer<O> owners, Informer<T> objects, Function<O, Selector> selector, Enqueuer queue) {
        this.owners = owners;
        this.objects = objects;
        this.selector = selector;
        this.queue = queue;
    }

    /** Installs the handler, and one that enqueues the owners themselves. */
    public static <O extends Message, T extends Message> void install(
            Informer<O> owners, Informer<T> objects, Function<O, Selector> selector, Enqueuer queue) {
        owners.addHandler((before, after) -> queue.add(owners.type().key(after == null ? before : after)));
        objects.addHandler(new OwnerHandlers<>(owners, objects, selector, queue));
    }

    @Override
    public void onChange(T before, T after) {
        ObjectMeta old = before == null ? null : objects.type().meta(before);
        ObjectMeta current = after == null ? null : objects.type().meta(after);
        Optional<OwnerReference> oldController = old == null ? Optional.empty() : Owners.controllerOf(old);
        Optional<OwnerReference> controller = current == null ? Optional.empty() : Owners.controllerOf(current);
        oldController.ifPresent(reference -> enqueue(old.getNamespace(), reference));
        if (controller.isPresent()) {
            if (!controller.equals(oldController)) {
                enqueue(current.getNamespace(), controller.get());
            }
        } else if (current != null
                && (old == null
                        || oldController.isPresent()
                        || !old.getLabelsMap().equals(current.getLabelsMap()))) {
            for (O owner : owners.list(current.getNamespace())) {
                if (selector.apply(owner).matches(current.getLabelsMap())) {
                    queue.add(owners.type().key(owner));
                }
            }
        }
    }

    private void enqueue(String namespace, OwnerReference reference) {
        if (!reference.getKind().equals(owners.type().kind())
                || !reference.getApiVersion().startsWith(owners.type().group())) {
            return;
        }
        ObjectKey key = ObjectKey.of(namespace, reference.getName());
        O owner = owners.get(key);
        if (owner != null && owners.type().meta(owner).getUid().equals(reference.getUid())) {
            queue.add(key);
        }
    }
}
