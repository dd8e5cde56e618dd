package io.jollyboat.apiserver.aggregation;

import io.jollyboat.api.apidiscovery.v2.APIResourceDiscovery;
import io.jollyboat.api.apidiscovery.v2.APISubresourceDiscovery;
import io.jollyboat.api.apidiscovery.v2.APIVersionDiscovery;
import io.jollyboat.api.meta.v1.APIResource;
import io.jollyboat.api.meta.v1.APIResourceList;
import io.jollyboat.api.meta.v1.GroupVersionKind;
import java.util.LinkedHashMap;
import java.util.Map;

/** The list of one version's resources, as older servers give it, in the aggregated form. Pure. */
final class LegacyDiscovery {
    private LegacyDiscovery() {}

    static APIVersionDiscovery convert(String version, APIResourceList list) {
        Map<String, APIResourceDiscovery.Builder> resources = new LinkedHashMap<>();
        for (APIResource resource : list.getResourcesList()) {
            int slash = resource.getName().indexOf('/');
            String scope = resource.getNamespaced() ? "Namespaced" : "Cluster";
            if (slash < 0) {
                resources
                        .computeIfAbsent(resource.getName(), name -> APIResourceDiscovery.newBuilder())
                        .setResource(resource.getName())
                        .setScope(scope)
                        .setSingularResource(resource.getSingularName())
                        .addAllVerbs(resource.getVerbs().getItemsList())
                        .addAllShortNames(resource.getShortNamesList())
                        .addAllCategories(resource.getCategoriesList())
                        .setResponseKind(kind(resource));
                continue;
            }
            String parent = resource.getName().substring(0, slash);
            resources
                    .computeIfAbsent(
                            parent,
                            name -> APIResourceDiscovery.newBuilder()
                                    .setResource(name)
                                    .setScope(scope)
                                    .setResponseKind(GroupVersionKind.getDefaultInstance()))
                    .addSubresources(APISubresourceDiscovery.newBuilder()
                            .setSubresource(resource.getName().substring(slash + 1))
                            .addAllVerbs(resource.getVerbs().getItemsList())
                            .setResponseKind(kind(resource)));
        }
        APIVersionDiscovery.Builder discovery = APIVersionDiscovery.newBuilder().setVersion(version);
        resources.values().forEach(discovery::addResources);
        return discovery.build();
    }

    private static GroupVersionKind kind(APIResource resource) {
        GroupVersionKind.Builder kind = GroupVersionKind.newBuilder().setKind(resource.getKind());
        if (!resource.getGroup().isEmpty()) {
            kind.setGroup(resource.getGroup());
        }
        if (!resource.getVersion().isEmpty()) {
            kind.setVersion(resource.getVersion());
        }
        return kind.build();
    }
}
