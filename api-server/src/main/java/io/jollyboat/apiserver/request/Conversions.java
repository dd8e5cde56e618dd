package io.jollyboat.apiserver.request;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.custom.CustomConversion;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Between the version in which a resource is stored and the others that are served. */
final class Conversions {
    private static final String MUTATING_POLICIES = "mutatingadmissionpolicies.admissionregistration.k8s.io";
    private static final String MUTATING_BINDINGS = "mutatingadmissionpolicybindings.admissionregistration.k8s.io";

    private final Map<ResourceType<?>, ResourceType<?>> stored = new HashMap<>();

    Conversions(Kinds kinds) {
        kinds.all().forEach(type -> stored.put(type, StorageKeys.storedAs(type)));
    }

    /** Whether entries are in the type's version as they are. Which version a custom object is in, only it knows. */
    boolean isStoredVersion(ResourceType<?> type) {
        return stored.get(type) == type;
    }

    /** The type of the same objects in another version. */
    Optional<ResourceType<?>> inVersion(ResourceType<?> type, String apiVersion) {
        if (type.isCustom()) {
            String prefix = type.group() + "/";
            return apiVersion.startsWith(prefix)
                    ? CustomVersion.of(type)
                            .definition()
                            .version(apiVersion.substring(prefix.length()))
                            .map(CustomVersion::type)
                    : Optional.empty();
        }
        ResourceType<?> hub = stored.get(type);
        return stored.entrySet().stream()
                .filter(entry -> entry.getValue() == hub)
                .<ResourceType<?>>map(Map.Entry::getKey)
                .filter(other ->
                        other.apiVersion().equals(apiVersion) && other.kind().equals(type.kind()))
                .findFirst();
    }

    /** An object of one version in another. */
    Message convert(ResourceType<?> from, Message object, ResourceType<?> to) {
        return toServed(to, toStored(from, object));
    }

    Message toStored(ResourceType<?> type, Message object) {
        if (object == null || isStoredVersion(type)) {
            return object;
        }
        if (type.isCustom()) {
            return CustomConversion.stored(type, (CustomObject) object);
        }
        return switch (type.qualifiedResource()) {
            case "events.events.k8s.io" -> EventConversion.toCore((io.jollyboat.api.events.v1.Event) object);
            case "horizontalpodautoscalers.autoscaling" ->
                AutoscalerConversion.toV2((io.jollyboat.api.autoscaling.v1.HorizontalPodAutoscaler) object);
            case MUTATING_POLICIES, MUTATING_BINDINGS -> reread(stored.get(type), object);
            default -> throw new IllegalStateException("no conversion from " + type);
        };
    }

    Message toServed(ResourceType<?> type, Message object) {
        if (object == null || isStoredVersion(type)) {
            return object;
        }
        if (type.isCustom()) {
            return CustomConversion.served(type, (CustomObject) object);
        }
        return switch (type.qualifiedResource()) {
            case "events.events.k8s.io" -> EventConversion.fromCore((io.jollyboat.api.core.v1.Event) object);
            case "horizontalpodautoscalers.autoscaling" ->
                AutoscalerConversion.toV1((io.jollyboat.api.autoscaling.v2.HorizontalPodAutoscaler) object);
            case MUTATING_POLICIES, MUTATING_BINDINGS -> reread(type, object);
            default -> throw new IllegalStateException("no conversion to " + type);
        };
    }

    /** For versions that differ in nothing but their name. */
    private static Message reread(ResourceType<?> as, Message object) {
        try {
            return as.prototype().getParserForType().parseFrom(object.toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("versions of " + as + " differ", e);
        }
    }

    Message served(ResourceType<?> type, Entry entry) {
        return type.isCustom() && !isStoredVersion(type)
                ? CustomConversion.served(type, entry)
                : toServed(type, entry.object());
    }
}
