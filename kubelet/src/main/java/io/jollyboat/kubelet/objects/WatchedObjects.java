package io.jollyboat.kubelet.objects;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.client.ApiClient;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** One watch per object, shared by all pods that name it. */
public final class WatchedObjects implements ReferencedObjects, AutoCloseable {
    private static final ResourceType<ConfigMap> CONFIG_MAPS = Kinds.of(ConfigMap.class);
    private static final ResourceType<Secret> SECRETS = Kinds.of(Secret.class);

    private final ApiClient client;
    private final Runtime runtime;
    private final Consumer<String> changed;
    private final ConcurrentHashMap<Reference, Entry> entries = new ConcurrentHashMap<>();

    private record Reference(ResourceType<?> type, ObjectKey key) {}

    private record Entry(WatchedObject<?> object, Set<String> users) {}

    /** @param changed hears the uid of each pod that uses a changed object */
    public WatchedObjects(ApiClient client, Runtime runtime, Consumer<String> changed) {
        this.client = client;
        this.runtime = runtime;
        this.changed = changed;
    }

    @Override
    public Optional<ConfigMap> configMap(Pod user, String name) {
        return find(CONFIG_MAPS, user, name);
    }

    @Override
    public Optional<Secret> secret(Pod user, String name) {
        return find(SECRETS, user, name);
    }

    @Override
    public void release(Pod user) {
        String uid = user.getMetadata().getUid();
        for (Reference reference : entries.keySet()) {
            entries.computeIfPresent(reference, (r, entry) -> {
                entry.users().remove(uid);
                if (!entry.users().isEmpty()) {
                    return entry;
                }
                entry.object().close();
                return null;
            });
        }
    }

    @Override
    public void close() {
        entries.values().forEach(entry -> entry.object().close());
        entries.clear();
    }

    @SuppressWarnings("unchecked") // an entry has its reference's type
    private <T extends Message> Optional<T> find(ResourceType<T> type, Pod user, String name) {
        Reference reference =
                new Reference(type, ObjectKey.of(user.getMetadata().getNamespace(), name));
        Entry entry = entries.compute(reference, (r, known) -> {
            Entry kept = known != null ? known : new Entry(watched(r, type), ConcurrentHashMap.newKeySet());
            kept.users().add(user.getMetadata().getUid());
            return kept;
        });
        return (Optional<T>) entry.object().get();
    }

    private <T extends Message> WatchedObject<T> watched(Reference reference, ResourceType<T> type) {
        return new WatchedObject<>(client, runtime, type, reference.key(), () -> {
            Entry entry = entries.get(reference);
            if (entry != null) {
                entry.users().forEach(changed);
            }
        });
    }
}
