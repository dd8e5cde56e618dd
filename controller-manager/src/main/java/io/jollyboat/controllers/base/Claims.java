package io.jollyboat.controllers.base;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.ApiClient.PatchKind;
import io.jollyboat.controller.WriteTracker;
import io.jollyboat.controllers.objects.Owners;
import io.jollyboat.controllers.objects.Selector;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which objects belong to an owner, by its selector: orphans that match are adopted, own objects that match no longer
 * are released. What another controls is left alone.
 */
public final class Claims<T extends Message> {
    private final ApiClient client;
    private final ResourceType<?> ownerType;
    private final Informer<T> objects;
    private final WriteTracker writes;

    /** @param objects with {@link Indexes#byController} */
    public Claims(ApiClient client, ResourceType<?> ownerType, Informer<T> objects, WriteTracker writes) {
        this.client = client;
        this.ownerType = ownerType;
        this.objects = objects;
        this.writes = writes;
    }

    /** The owner's objects and the orphans that it might adopt. */
    public List<T> candidates(ObjectMeta owner) {
        List<T> candidates = new ArrayList<>(Indexes.controlledBy(objects, owner.getUid()));
        candidates.addAll(Indexes.withoutController(objects, owner.getNamespace()));
        return candidates;
    }

    /** The owner's own objects that its selector matches, with no change to any. */
    public List<T> owned(ObjectMeta owner, Selector selector) {
        return Indexes.controlledBy(objects, owner.getUid()).stream()
                .filter(object -> selector.matches(meta(object).getLabelsMap()))
                .toList();
    }

    /** Adopts and releases; the first failure is thrown after all were tried. */
    public List<T> claim(ObjectMeta owner, Selector selector, Collection<T> candidates) {
        List<T> claimed = new ArrayList<>();
        Adoption adoption = new Adoption(owner);
        RuntimeException failure = null;
        for (T object : candidates) {
            try {
                claimOne(owner, selector, object, adoption).ifPresent(claimed::add);
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return claimed;
    }

    private Optional<T> claimOne(ObjectMeta owner, Selector selector, T object, Adoption adoption) {
        ObjectMeta meta = meta(object);
        boolean matches = selector.matches(meta.getLabelsMap());
        boolean ownerGoes = owner.hasDeletionTimestamp();
        Optional<OwnerReference> controller = Owners.controllerOf(meta);
        if (controller.isPresent()) {
            if (!controller.get().getUid().equals(owner.getUid())) {
                return Optional.empty();
            }
            if (!matches && !ownerGoes) {
                release(owner, object);
            }
            return matches ? Optional.of(object) : Optional.empty();
        }
        if (!matches
                || ownerGoes
                || meta.hasDeletionTimestamp()
                || !meta.getNamespace().equals(owner.getNamespace())) {
            return Optional.empty();
        }
        return adoption.adopt(object);
    }

    private void release(ObjectMeta owner, T object) {
        try {
            patch(owner, object, Owners.releasePatch(owner, meta(object).getUid()));
        } catch (ApiException e) {
            // Gone, or another object of its name: nothing of ours either way.
            if (!e.isNotFound() && !Errors.isInvalid(e)) {
                throw e;
            }
        }
    }

    private T patch(ObjectMeta owner, T object, String patch) {
        T patched = client.patch(objects.type(), objects.type().key(object), "", PatchKind.STRATEGIC_MERGE, patch);
        writes.wrote(ObjectKey.of(owner.getNamespace(), owner.getName()), objects, patched);
        return patched;
    }

    private ObjectMeta meta(T object) {
        return objects.type().meta(object);
    }

    /** Asks the API server once whether the owner is still there: caches may not know of its deletion yet. */
    private final class Adoption {
        private final ObjectMeta owner;
        private boolean checked;

        Adoption(ObjectMeta owner) {
            this.owner = owner;
        }

        Optional<T> adopt(T object) {
            if (!checked) {
                check();
                checked = true;
            }
            try {
                return Optional.of(patch(
                        owner,
                        object,
                        Owners.adoptPatch(ownerType, owner, meta(object).getUid())));
            } catch (ApiException e) {
                if (e.isNotFound()) {
                    return Optional.empty();
                }
                throw e;
            }
        }

        private void check() {
            ObjectKey key = ObjectKey.of(owner.getNamespace(), owner.getName());
            ObjectMeta fresh = ownerType.meta(client.get(ownerType, key));
            if (!fresh.getUid().equals(owner.getUid())) {
                throw new IllegalStateException("original " + ownerType.kind() + " " + key + " is gone: got uid "
                        + fresh.getUid() + ", wanted " + owner.getUid());
            }
            if (fresh.hasDeletionTimestamp()) {
                throw new IllegalStateException(key + " has just been deleted");
            }
        }
    }
}
