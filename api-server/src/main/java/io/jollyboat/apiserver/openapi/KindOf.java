package io.jollyboat.apiserver.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.api.options.KindRules;
import io.jollyboat.api.options.Options;
import io.jollyboat.api.policy.v1.Eviction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Group and version of a kind, or of a list of one. */
record KindOf(String group, String version) {
    private static final KindOf CORE = new KindOf("", "v1");
    private static final Set<String> META =
            Set.of("Status", "APIGroup", "APIGroupList", "APIResourceList", "APIVersions");
    /** Bodies of subresources. */
    private static final Map<String, KindOf> BODIES = Map.of(
            Scale.getDescriptor().getFullName(), new KindOf("autoscaling", "v1"),
            Eviction.getDescriptor().getFullName(), new KindOf("policy", "v1"),
            TokenRequest.getDescriptor().getFullName(), new KindOf("authentication.k8s.io", "v1"));
    /** Known in every group. */
    private static final Set<String> EVERYWHERE = Set.of("DeleteOptions", "WatchEvent");

    /** Of {@code group/version}, or {@code version} of the core group. */
    static KindOf parse(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return new KindOf(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
    }

    /** Empty for messages that are no kinds. */
    static List<KindOf> of(Descriptor type, List<KindOf> versions) {
        if (type.getOptions().hasExtension(Options.kind)) {
            KindRules rules = type.getOptions().getExtension(Options.kind);
            return List.of(new KindOf(rules.getGroup(), rules.getVersion()));
        }
        KindOf body = BODIES.get(type.getFullName());
        if (body != null) {
            return List.of(body);
        }
        FieldDescriptor items = type.findFieldByName("items");
        boolean list = type.getName().endsWith("List")
                && items != null
                && items.getJavaType() == JavaType.MESSAGE
                && items.getMessageType().getOptions().hasExtension(Options.kind);
        if (list) {
            return of(items.getMessageType(), versions);
        }
        if (!type.getFile().getPackage().endsWith("meta.v1")) {
            return List.of();
        }
        return EVERYWHERE.contains(type.getName())
                ? versions
                : META.contains(type.getName()) ? List.of(CORE) : List.of();
    }

    /** Whether it says itself what it is. */
    static boolean hasTypeMeta(Descriptor type) {
        return !of(type, List.of(CORE)).isEmpty() && !type.getName().equals("WatchEvent");
    }

    void addTo(ObjectNode schema, String kind) {
        schema.withArray("/x-kubernetes-group-version-kind")
                .addObject()
                .put("group", group)
                .put("kind", kind)
                .put("version", version);
    }
}
