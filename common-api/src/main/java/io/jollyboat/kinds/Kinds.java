package io.jollyboat.kinds;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.options.KindRules;
import io.jollyboat.api.options.Options;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All built-in kinds. Instances are immutable; {@link #builtIn()} is the one every process uses. */
public final class Kinds {
    private static final Kinds BUILT_IN = new Kinds(ApiFiles.messages());

    private final List<ResourceType<?>> all = new ArrayList<>();
    private final Map<String, ResourceType<?>> byKind = new HashMap<>();
    private final Map<String, ResourceType<?>> byResource = new HashMap<>();
    private final Map<Class<?>, ResourceType<?>> byClass = new HashMap<>();

    private Kinds(Collection<Message> prototypes) {
        for (Message prototype : prototypes) {
            Descriptor descriptor = prototype.getDescriptorForType();
            if (!descriptor.getOptions().hasExtension(Options.kind)) {
                continue;
            }
            KindRules rules = descriptor.getOptions().getExtension(Options.kind);
            ResourceType<?> type = new ResourceType<>(rules, prototype);
            all.add(type);
            byKind.put(type.apiVersion() + " " + type.kind(), type);
            byResource.put(type.apiVersion() + " " + type.plural(), type);
            byClass.put(prototype.getClass(), type);
        }
    }

    public static Kinds builtIn() {
        return BUILT_IN;
    }

    /** The type of a generated message class; throws IllegalArgumentException when it is no kind. */
    @SuppressWarnings("unchecked")
    public static <T extends Message> ResourceType<T> of(Class<T> message) {
        ResourceType<?> type = BUILT_IN.byClass.get(message);
        if (type == null) {
            throw new IllegalArgumentException(message.getName() + " is not an API kind");
        }
        return (ResourceType<T>) type;
    }

    /** Every declared kind, those not served by default too. */
    public List<ResourceType<?>> all() {
        return List.copyOf(all);
    }

    public Optional<ResourceType<?>> byKind(String apiVersion, String kind) {
        return Optional.ofNullable(byKind.get(apiVersion + " " + kind));
    }

    public Optional<ResourceType<?>> byResource(String group, String version, String plural) {
        return Optional.ofNullable(byResource.get((group.isEmpty() ? version : group + "/" + version) + " " + plural));
    }
}
