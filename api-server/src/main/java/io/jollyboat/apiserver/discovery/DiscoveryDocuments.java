package io.jollyboat.apiserver.discovery;

import io.jollyboat.api.apidiscovery.v2.APIGroupDiscovery;
import io.jollyboat.api.apidiscovery.v2.APIGroupDiscoveryList;
import io.jollyboat.api.apidiscovery.v2.APIResourceDiscovery;
import io.jollyboat.api.apidiscovery.v2.APISubresourceDiscovery;
import io.jollyboat.api.apidiscovery.v2.APIVersionDiscovery;
import io.jollyboat.api.meta.v1.APIResource;
import io.jollyboat.api.meta.v1.APIResourceList;
import io.jollyboat.api.meta.v1.APIVersions;
import io.jollyboat.api.meta.v1.GroupVersionKind;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.ServerAddressByClientCIDR;
import io.jollyboat.api.meta.v1.Verbs;
import io.jollyboat.api.options.KindRules;
import io.jollyboat.api.options.Subresource;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.kinds.ResourceType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The discovery documents, made from the kinds' declarations. */
public final class DiscoveryDocuments {
    private final ServedKinds kinds;
    private final String serverAddress;

    /** @param serverAddress {@code host:port} that clients are told */
    public DiscoveryDocuments(ServedKinds kinds, String serverAddress) {
        this.kinds = kinds;
        this.serverAddress = serverAddress;
    }

    /** {@code /api}. */
    public APIVersions coreVersions() {
        return APIVersions.newBuilder()
                .addAllVersions(kinds.versions(""))
                .addServerAddressByClientCIDRs(ServerAddressByClientCIDR.newBuilder()
                        .setClientCIDR("0.0.0.0/0")
                        .setServerAddress(serverAddress))
                .build();
    }

    /** {@code /apis/<group>/<version>}; empty when it is not served. */
    public Optional<APIResourceList> resources(String group, String version) {
        List<ResourceType<?>> types = kinds.resources(group, version);
        if (types.isEmpty()) {
            return Optional.empty();
        }
        APIResourceList.Builder list =
                APIResourceList.newBuilder().setGroupVersion(types.getFirst().apiVersion());
        for (ResourceType<?> type : types) {
            list.addResources(resource(type));
            subresources(type).forEach(subresource -> list.addResources(subresource(type, subresource)));
        }
        return Optional.of(list.build());
    }

    private static APIResource resource(ResourceType<?> type) {
        KindRules rules = type.rules();
        APIResource.Builder resource = APIResource.newBuilder()
                .setName(type.plural())
                .setSingularName(rules.getSingular())
                .setNamespaced(type.namespaced())
                .setKind(type.kind())
                .setVerbs(Verbs.newBuilder().addAllItems(verbs(type)))
                .addAllShortNames(rules.getShortNamesList())
                .addAllCategories(rules.getCategoriesList());
        if (rules.getVerbsList().contains("watch")) {
            resource.setStorageVersionHash(storageVersionHash(stored(type)));
        }
        return resource.build();
    }

    private static ResourceType<?> stored(ResourceType<?> type) {
        return type.isCustom()
                ? CustomVersion.of(type).definition().storageVersion().type()
                : StorageKeys.storedAs(type);
    }

    private static List<String> verbs(ResourceType<?> type) {
        return type.isCustom()
                ? CustomVersion.of(type).discoveredVerbs()
                : type.rules().getVerbsList();
    }

    /** By name; those of custom resources as upstream adds them, the status first. */
    private static Stream<Subresource> subresources(ResourceType<?> type) {
        Stream<Subresource> declared = type.rules().getSubresourcesList().stream();
        return type.isCustom() ? declared : declared.sorted(Comparator.comparing(Subresource::getName));
    }

    private static APIResource subresource(ResourceType<?> type, Subresource subresource) {
        GroupVersionKind kind = kindOf(type, subresource);
        APIResource.Builder resource = APIResource.newBuilder()
                .setName(type.plural() + "/" + subresource.getName())
                .setNamespaced(type.namespaced())
                .setKind(kind.getKind())
                .setVerbs(Verbs.newBuilder().addAllItems(subresource.getVerbsList()));
        if (kind.hasVersion()) {
            resource.setGroup(kind.getGroup()).setVersion(kind.getVersion());
        }
        return resource.build();
    }

    /** Group and version are set only where they differ from the parent's. */
    private static GroupVersionKind kindOf(ResourceType<?> type, Subresource subresource) {
        if (subresource.getKind().isEmpty()) {
            return GroupVersionKind.newBuilder().setKind(type.kind()).build();
        }
        String full = subresource.getKind();
        int dot = full.lastIndexOf('.');
        String apiVersion = full.substring(0, dot);
        GroupVersionKind.Builder kind = GroupVersionKind.newBuilder().setKind(full.substring(dot + 1));
        if (apiVersion.equals(type.apiVersion())) {
            return kind.build();
        }
        int slash = apiVersion.indexOf('/');
        return kind.setGroup(slash < 0 ? "" : apiVersion.substring(0, slash))
                .setVersion(apiVersion.substring(slash + 1))
                .build();
    }

    /** The aggregated form (v2) of {@code /api}. */
    public static APIGroupDiscoveryList core(ServedKinds.Snapshot served) {
        APIGroupDiscovery.Builder core = APIGroupDiscovery.newBuilder().setMetadata(ObjectMeta.getDefaultInstance());
        served.versions("").forEach(version -> core.addVersions(version(served, "", version)));
        return APIGroupDiscoveryList.newBuilder().addItems(core).build();
    }

    /** What the aggregated form says of one version. */
    public static APIVersionDiscovery version(ServedKinds.Snapshot served, String group, String version) {
        APIVersionDiscovery.Builder one =
                APIVersionDiscovery.newBuilder().setVersion(version).setFreshness("Current");
        served.resources(group, version).forEach(type -> one.addResources(resourceDiscovery(type)));
        return one.build();
    }

    private static APIResourceDiscovery resourceDiscovery(ResourceType<?> type) {
        KindRules rules = type.rules();
        APIResourceDiscovery.Builder resource = APIResourceDiscovery.newBuilder()
                .setResource(type.plural())
                .setResponseKind(GroupVersionKind.newBuilder().setKind(type.kind()))
                .setScope(type.namespaced() ? "Namespaced" : "Cluster")
                .setSingularResource(rules.getSingular())
                .addAllVerbs(verbs(type))
                .addAllShortNames(rules.getShortNamesList())
                .addAllCategories(rules.getCategoriesList());
        subresources(type)
                .forEach(subresource -> resource.addSubresources(APISubresourceDiscovery.newBuilder()
                        .setSubresource(subresource.getName())
                        .setResponseKind(kindOf(type, subresource))
                        .addAllVerbs(subresource.getVerbsList())));
        return resource.build();
    }

    private static String storageVersionHash(ResourceType<?> stored) {
        // Upstream stores them so, for the sake of old servers.
        String version = stored.group().equals("apiextensions.k8s.io") ? "v1beta1" : stored.version();
        String text = stored.group() + "/" + version + "/" + stored.kind();
        return Base64.getEncoder().encodeToString(Arrays.copyOf(sha256(text), 8));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
