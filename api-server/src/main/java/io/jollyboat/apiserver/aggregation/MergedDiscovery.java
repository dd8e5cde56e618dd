package io.jollyboat.apiserver.aggregation;

import io.jollyboat.api.apidiscovery.v2.APIGroupDiscovery;
import io.jollyboat.api.apidiscovery.v2.APIGroupDiscoveryList;
import io.jollyboat.api.apidiscovery.v2.APIResourceDiscovery;
import io.jollyboat.api.apidiscovery.v2.APIVersionDiscovery;
import io.jollyboat.api.meta.v1.APIGroup;
import io.jollyboat.api.meta.v1.APIGroupList;
import io.jollyboat.api.meta.v1.GroupVersionForDiscovery;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.objects.RemoteResource;
import io.jollyboat.api.objects.RemoteVersion;
import io.jollyboat.apiserver.discovery.DiscoveryDocuments;
import io.jollyboat.apiserver.discovery.ServedKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Discovery of what is served here and elsewhere at one moment. Immutable. */
public final class MergedDiscovery {
    private final ServedKinds.Snapshot served;
    private final ApiServices.State services;
    private final Map<String, APIVersionDiscovery> remote;
    private final List<GroupOrder.Group> groups;
    private final boolean registered;

    /**
     * @param remote what other servers say, by the name of the APIService
     * @param registered whether every built-in group has had its APIService
     */
    MergedDiscovery(
            ServedKinds.Snapshot served,
            ApiServices.State services,
            Map<String, APIVersionDiscovery> remote,
            boolean registered) {
        this.registered = registered;
        this.served = served;
        this.services = services;
        this.remote = remote;
        this.groups = GroupOrder.of(served, services.all());
    }

    @SuppressWarnings("ReferenceEquality") // whoever changes one of them makes another
    boolean isOf(
            ServedKinds.Snapshot kinds,
            ApiServices.State state,
            Map<String, APIVersionDiscovery> others,
            boolean haveRegistered) {
        return served == kinds && services == state && remote == others && registered == haveRegistered;
    }

    /** What is served here. */
    public ServedKinds.Snapshot served() {
        return served;
    }

    /**
     * {@code /apis}. A built-in version whose APIService somebody has deleted is served, and in the aggregated form, but
     * not here: that is how upstream has it, until its next start.
     */
    public APIGroupList groups() {
        APIGroupList.Builder list = APIGroupList.newBuilder();
        for (GroupOrder.Group group : groups) {
            List<String> versions = group.versions().stream()
                    .filter(version -> isRegistered(group.name(), version))
                    .toList();
            if (!versions.isEmpty()) {
                list.addGroups(document(new GroupOrder.Group(group.name(), versions)));
            }
        }
        return list.build();
    }

    private boolean isRegistered(String group, String version) {
        return !registered
                || Priorities.builtIn(group, version) == null
                || services.all().containsKey(ApiServiceNames.of(group, version));
    }

    /** {@code /apis/<group>}; empty when there is no such group. */
    public Optional<APIGroup> group(String name) {
        return groups.stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .map(MergedDiscovery::document);
    }

    private static APIGroup document(GroupOrder.Group group) {
        List<GroupVersionForDiscovery> versions = group.versions().stream()
                .map(version -> GroupVersionForDiscovery.newBuilder()
                        .setGroupVersion(group.name() + "/" + version)
                        .setVersion(version)
                        .build())
                .toList();
        return APIGroup.newBuilder()
                .setName(group.name())
                .addAllVersions(versions)
                .setPreferredVersion(versions.getFirst())
                .build();
    }

    /** The aggregated form (v2) of {@code /apis}. */
    public APIGroupDiscoveryList aggregated() {
        APIGroupDiscoveryList.Builder list = APIGroupDiscoveryList.newBuilder();
        for (GroupOrder.Group group : groups) {
            APIGroupDiscovery.Builder one = APIGroupDiscovery.newBuilder()
                    .setMetadata(ObjectMeta.newBuilder().setName(group.name()));
            group.versions().forEach(version -> version(group.name(), version).ifPresent(one::addVersions));
            if (one.getVersionsCount() > 0) {
                list.addItems(one);
            }
        }
        return list.build();
    }

    /** Another server's word counts for what has an APIService of its own. */
    private Optional<APIVersionDiscovery> version(String group, String version) {
        String name = ApiServiceNames.of(group, version);
        if (services.remote().containsKey(name)) {
            APIVersionDiscovery known = remote.get(name);
            return Optional.of(known != null ? known : RemoteDiscovery.stale(version));
        }
        return served.resources(group, version).isEmpty()
                ? Optional.empty()
                : Optional.of(DiscoveryDocuments.version(served, group, version));
    }

    /** What other servers serve, for components; kinds that are built in are this server's for them. */
    public List<RemoteVersion> remote() {
        List<RemoteVersion> versions = new ArrayList<>();
        for (GroupOrder.Group group : groups) {
            for (String version : group.versions()) {
                RemoteApi api = services.remote().get(ApiServiceNames.of(group.name(), version));
                if (api != null && !isBuiltIn(group.name(), version)) {
                    versions.add(remote(api));
                }
            }
        }
        return versions;
    }

    private boolean isBuiltIn(String group, String version) {
        return served.resources(group, version).stream().anyMatch(type -> !type.isCustom());
    }

    private RemoteVersion remote(RemoteApi api) {
        APIVersionDiscovery known = remote.get(api.name());
        boolean stale = known == null || known.getFreshness().equals("Stale") || !api.available();
        RemoteVersion.Builder version = RemoteVersion.newBuilder()
                .setGroup(api.group())
                .setVersion(api.version())
                .setStale(stale);
        if (!stale) {
            for (APIResourceDiscovery resource : known.getResourcesList()) {
                version.addResources(RemoteResource.newBuilder()
                        .setName(resource.getResource())
                        .setKind(resource.getResponseKind().getKind())
                        .setNamespaced(resource.getScope().equals("Namespaced"))
                        .addAllVerbs(resource.getVerbsList()));
            }
        }
        return version.build();
    }

    /** All paths below {@code /apis}. */
    public List<String> paths() {
        return groups.stream()
                .flatMap(group -> java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("/apis/" + group.name()),
                        group.versions().stream().map(version -> "/apis/" + group.name() + "/" + version)))
                .toList();
    }
}
