package io.jollyboat.kinds;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.options.Options;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All built-in kinds. Instances are immutable; {@link #builtIn()} is the one every process uses. A component that names
 * its few kinds by class loads the classes and descriptors of those only: all of them take 100 MB.
 */
public final class Kinds {
    /** By the message's full name: one instance for a kind, however it is come by. */
    private static final Map<String, ResourceType<?>> TYPES = new ConcurrentHashMap<>();

    private static final Map<Class<?>, ResourceType<?>> BY_CLASS = new ConcurrentHashMap<>();

    private final List<ResourceType<?>> all = new ArrayList<>();
    private final Map<String, ResourceType<?>> byKind = new HashMap<>();
    private final Map<String, ResourceType<?>> byResource = new HashMap<>();

    private Kinds(Collection<Descriptor> kinds) {
        for (Descriptor descriptor : kinds) {
            ResourceType<?> type = type(descriptor);
            all.add(type);
            byKind.put(type.apiVersion() + " " + type.kind(), type);
            byResource.put(type.apiVersion() + " " + type.plural(), type);
        }
    }

    /** Made when first asked for. */
    private static final class BuiltIn {
        static final Kinds ALL = new Kinds(ApiFiles.kinds());
    }

    public static Kinds builtIn() {
        return BuiltIn.ALL;
    }

    /** The type of a generated message class; throws IllegalArgumentException when it is no kind. */
    @SuppressWarnings("unchecked")
    public static <T extends Message> ResourceType<T> of(Class<T> message) {
        ResourceType<?> type = BY_CLASS.get(message);
        if (type == null) {
            Descriptor descriptor = ResourceType.defaultInstance(message).getDescriptorForType();
            if (!descriptor.getOptions().hasExtension(Options.kind)) {
                throw new IllegalArgumentException(message.getName() + " is not an API kind");
            }
            type = type(descriptor);
            BY_CLASS.put(message, type);
        }
        return (ResourceType<T>) type;
    }

    private static ResourceType<?> type(Descriptor descriptor) {
        return TYPES.computeIfAbsent(
                descriptor.getFullName(),
                n -> new ResourceType<>(descriptor.getOptions().getExtension(Options.kind), descriptor));
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
