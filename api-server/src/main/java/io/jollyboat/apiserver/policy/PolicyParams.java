package io.jollyboat.apiserver.policy;

import io.jollyboat.api.admissionregistration.v1.ParamKind;
import io.jollyboat.api.admissionregistration.v1.ParamRef;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.selectors.LabelMatcher;
import io.jollyboat.selectors.LabelSelectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/** The parameter objects that a binding names. */
final class PolicyParams {
    private final ObjectStorages storages;
    private final BiFunction<String, String, Optional<ResourceType<?>>> kinds;

    /** @param kinds finds a served kind by apiVersion and kind */
    PolicyParams(ObjectStorages storages, BiFunction<String, String, Optional<ResourceType<?>>> kinds) {
        this.storages = storages;
        this.kinds = kinds;
    }

    /** Trees of the objects; the policy is judged once with each. */
    List<JsonNode> find(ParamKind kind, ParamRef ref, String requestNamespace) throws PolicyFailure {
        ResourceType<?> type = kinds.apply(kind.getApiVersion(), kind.getKind())
                .orElseThrow(() -> new PolicyFailure("failed to find resource referenced by paramKind: '"
                        + kind.getApiVersion() + ", Kind=" + kind.getKind() + "'"));
        String namespace = namespace(type, ref, requestNamespace);
        List<JsonNode> found = ref.getName().isEmpty() ? selected(type, namespace, ref) : named(type, namespace, ref);
        if (found.isEmpty() && ref.getParameterNotFoundAction().equals("Deny")) {
            throw new PolicyFailure("no params found for policy binding with `Deny` parameterNotFoundAction");
        }
        return found;
    }

    private static String namespace(ResourceType<?> type, ParamRef ref, String requestNamespace) throws PolicyFailure {
        if (!type.namespaced()) {
            if (!ref.getNamespace().isEmpty()) {
                throw new PolicyFailure("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
            }
            return "";
        }
        if (!ref.getNamespace().isEmpty()) {
            return ref.getNamespace();
        }
        if (requestNamespace.isEmpty()) {
            throw new PolicyFailure(
                    "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
        }
        return requestNamespace;
    }

    private List<JsonNode> named(ResourceType<?> type, String namespace, ParamRef ref) {
        String key = namespace.isEmpty() ? ref.getName() : namespace + "/" + ref.getName();
        Entry entry = storages.of(type).cache().get(key);
        return entry == null ? List.of() : List.of(tree(type, entry));
    }

    private List<JsonNode> selected(ResourceType<?> type, String namespace, ParamRef ref) {
        LabelMatcher selector = LabelSelectors.of(ref.getSelector());
        List<JsonNode> trees = new ArrayList<>();
        for (Entry entry : storages.of(type).cache().snapshot().list(namespace)) {
            if (selector.matches(type.meta(entry.object()).getLabelsMap())) {
                trees.add(tree(type, entry));
            }
        }
        return trees;
    }

    private static JsonNode tree(ResourceType<?> type, Entry entry) {
        return JsonCodec.toTree(entry.object(), type.apiVersion(), type.kind());
    }
}
