package io.jollyboat.apiserver.webhook;

import io.jollyboat.api.admissionregistration.v1.MutatingWebhookConfiguration;
import io.jollyboat.api.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.ResourceCache;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The webhooks that are configured now, in the order of their configurations' names. Made anew only after a change. */
final class HookSource {
    private final ResourceCache cache;
    private final Function<Entry, List<Hook>> read;
    private volatile Made made = new Made(null, List.of());

    /** @param of what the list was made of */
    private record Made(Object of, List<Hook> hooks) {}

    private HookSource(ObjectStorages storages, ResourceType<?> type, Function<Entry, List<Hook>> read) {
        this.cache = storages.of(type).cache();
        this.read = read;
    }

    static HookSource mutating(ObjectStorages storages) {
        return new HookSource(storages, Kinds.of(MutatingWebhookConfiguration.class), HookSource::mutating);
    }

    static HookSource validating(ObjectStorages storages) {
        return new HookSource(storages, Kinds.of(ValidatingWebhookConfiguration.class), HookSource::validating);
    }

    @SuppressWarnings("ReferenceEquality") // another state is another object, which is all that matters
    List<Hook> hooks() {
        Object now = cache.state();
        Made present = made;
        if (present.of == now) {
            return present.hooks;
        }
        List<Hook> hooks = new ArrayList<>();
        for (Entry entry : cache.snapshot().list("")) {
            hooks.addAll(read.apply(entry));
        }
        made = new Made(now, List.copyOf(hooks));
        return made.hooks;
    }

    private static List<Hook> mutating(Entry entry) {
        MutatingWebhookConfiguration configuration = (MutatingWebhookConfiguration) entry.object();
        List<Hook> hooks = new ArrayList<>();
        for (int i = 0; i < configuration.getWebhooksCount(); i++) {
            hooks.add(Hook.of(configuration.getMetadata().getName(), i, configuration.getWebhooks(i)));
        }
        return hooks;
    }

    private static List<Hook> validating(Entry entry) {
        ValidatingWebhookConfiguration configuration = (ValidatingWebhookConfiguration) entry.object();
        List<Hook> hooks = new ArrayList<>();
        for (int i = 0; i < configuration.getWebhooksCount(); i++) {
            hooks.add(Hook.of(configuration.getMetadata().getName(), i, configuration.getWebhooks(i)));
        }
        return hooks;
    }
}
