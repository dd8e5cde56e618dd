package io.jollyboat.apiserver;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.apiserver.bootstrap.BootstrapStore;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;

/** Bootstrap's writes, through the request path with the server's own rights. */
final class Bootstrap implements BootstrapStore {
    private final ObjectStorages storages;
    private final ResourceService resources;

    Bootstrap(ObjectStorages storages, ResourceService resources) {
        this.storages = storages;
        this.resources = resources;
    }

    @Override
    public <T extends Message> T get(ResourceType<T> type, ObjectKey key) {
        Entry entry = storages.of(type).get(new Target(type, key).key());
        if (entry == null) {
            return null;
        }
        @SuppressWarnings("unchecked") // an object of the type's kind is of its class
        Class<T> kind = (Class<T>) type.prototype().getClass();
        return kind.cast(resources.object(type, entry));
    }

    @Override
    public void create(ResourceType<?> type, Message object) {
        resources.create(Call.own(ServiceNetwork.SERVER), new Target(type, type.key(object)), object);
    }

    @Override
    public void update(ResourceType<?> type, Message object) {
        resources.update(Call.own(ServiceNetwork.SERVER), new Target(type, type.key(object)), object);
    }

    @Override
    public void delete(ResourceType<?> type, ObjectKey key) {
        resources.delete(Call.own(ServiceNetwork.SERVER), new Target(type, key), DeleteOptions.getDefaultInstance());
    }
}
