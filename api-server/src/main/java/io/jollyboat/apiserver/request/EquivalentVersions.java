package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.admission.EquivalentResources;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/** The resources that are served in more than one version, built in or defined. */
public final class EquivalentVersions implements EquivalentResources {
    private final List<ResourceType<?>> served;
    private final Conversions conversions = new Conversions(Kinds.builtIn());

    /** @param served all that are built in */
    public EquivalentVersions(List<ResourceType<?>> served) {
        this.served = served.stream()
                .filter(type -> served.stream().anyMatch(other -> other != type && same(other, type)))
                .toList();
    }

    private static boolean same(ResourceType<?> one, ResourceType<?> other) {
        return StorageKeys.storedAs(one) == StorageKeys.storedAs(other);
    }

    @Override
    public List<ResourceType<?>> of(ResourceType<?> type) {
        if (type.isCustom()) {
            List<CustomVersion> versions = CustomVersion.of(type).definition().versions();
            return versions.size() == 1 ? List.of() : others(versions, type);
        }
        return served.contains(type)
                ? served.stream()
                        .filter(other -> other != type && same(other, type))
                        .toList()
                : List.of();
    }

    private static List<ResourceType<?>> others(List<CustomVersion> versions, ResourceType<?> type) {
        return versions.stream()
                .filter(version -> version.served() && !version.name().equals(type.version()))
                .<ResourceType<?>>map(CustomVersion::type)
                .toList();
    }

    @Override
    public Message convert(ResourceType<?> from, ResourceType<?> to, Message object) {
        return conversions.toServed(to, conversions.toStored(from, object));
    }
}
