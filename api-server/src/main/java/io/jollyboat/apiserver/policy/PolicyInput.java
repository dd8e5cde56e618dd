package io.jollyboat.apiserver.policy;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.ObjectKind;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.cel.AuthorizationCheck;
import io.jollyboat.cel.Null;
import io.jollyboat.cel.Variables;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.kinds.ResourceType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What expressions see of one request. Each part is made when an expression first asks for it. Used by one thread. */
final class PolicyInput implements Variables {
    private final AdmissionRequest request;
    private final ResourceType<?> as;
    private final Message object;
    private final Message old;
    private final Supplier<Namespace> namespace;
    private final Authorizer authorizer;
    private final Map<String, Object> made = new HashMap<>();

    /**
     * @param as the resource that the policy's rules mean; the objects are of its version
     * @param object null for a deletion
     * @param old null where there was none
     */
    PolicyInput(
            AdmissionRequest request,
            ResourceType<?> as,
            Message object,
            Message old,
            Supplier<Namespace> namespace,
            Authorizer authorizer) {
        this.request = request;
        this.as = as;
        this.object = object;
        this.old = old;
        this.namespace = namespace;
        this.authorizer = authorizer;
    }

    @Override
    public Object find(String name) {
        return made.computeIfAbsent(name, this::make);
    }

    private Object make(String name) {
        return switch (name) {
            case "object" -> tree(object);
            case "oldObject" -> tree(old);
            case "request" -> request();
            case "namespaceObject" -> namespaceObject();
            case "authorizer" -> check().authorizer();
            case "authorizer.requestResource" ->
                check().resource(as.group(), as.plural(), request.subresource(), request.namespace(), request.name());
            default -> null;
        };
    }

    private AuthorizationCheck check() {
        return new PolicyAuthorization(authorizer, request.user());
    }

    private Object tree(Message message) {
        if (message == null) {
            return Null.NULL;
        }
        ObjectKind kind = request.body() == null ? ObjectKind.of(as) : request.body();
        return JsonCodec.toTree(message, kind.apiVersion(), kind.kind());
    }

    private Object namespaceObject() {
        // A Namespace stands in itself for rules, but expressions see it as in none.
        if (request.namespace().isEmpty()) {
            return Null.NULL;
        }
        return JsonCodec.toTree(namespace.get(), null, null);
    }

    private JsonNode request() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        ObjectKind kind = request.body() == null ? ObjectKind.of(as) : request.body();
        kind(tree.putObject("kind"), kind);
        resource(tree.putObject("resource"), as);
        tree.put("subResource", request.subresource());
        kind(tree.putObject("requestKind"), request.kind());
        resource(tree.putObject("requestResource"), request.type());
        tree.put("requestSubResource", request.subresource());
        tree.put("name", request.name());
        tree.put("namespace", request.scope());
        tree.put("operation", request.operation().name());
        ObjectNode user = tree.putObject("userInfo");
        user.put("username", request.user().name());
        if (!request.user().uid().isEmpty()) {
            user.put("uid", request.user().uid());
        }
        request.user().groups().forEach(user.putArray("groups")::add);
        if (!request.user().extra().isEmpty()) {
            ObjectNode extra = user.putObject("extra");
            request.user().extra().forEach((key, values) -> values.forEach(extra.withArray(key)::add));
        }
        tree.put("dryRun", request.dryRun());
        if (request.options() != null) {
            String name = request.options().getDescriptorForType().getName();
            tree.set("options", JsonCodec.toTree(request.options(), "meta.k8s.io/v1", name));
        } else {
            tree.putNull("options");
        }
        return tree;
    }

    private static void kind(ObjectNode to, ObjectKind kind) {
        to.put("group", kind.group()).put("version", kind.version()).put("kind", kind.kind());
    }

    private static void resource(ObjectNode to, ResourceType<?> type) {
        to.put("group", type.group()).put("version", type.version()).put("resource", type.plural());
    }
}
