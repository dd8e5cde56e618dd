package io.jollyboat.apiserver.authz;

import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.NodeIdentity;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.authz.NodeGraph.Kind;
import io.jollyboat.apiserver.authz.NodeGraph.Vertex;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What kubelets may do: read what the pods on their node refer to and nothing else of these kinds, write their own Node,
 * Lease and CSINode. Admission (NodeRestriction) checks what only the body shows.
 */
final class NodeAuthorizer implements Authorizer {
    private static final String LEASE_NAMESPACE = "kube-node-lease";
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> SINGLE = Set.of("get", "create", "update", "patch", "delete");
    private static final Decision ALLOW = new Decision(Verdict.ALLOW, "");

    private final NodeGraph graph;
    private final List<Rule> nodeRules;

    /** @param nodeRules for the kinds of which nodes have no share, upstream's role system:node */
    NodeAuthorizer(NodeGraph graph, List<Rule> nodeRules) {
        this.graph = graph;
        this.nodeRules = List.copyOf(nodeRules);
    }

    @Override
    public Decision authorize(RequestAttributes attributes) {
        Optional<String> identity = NodeIdentity.of(attributes.user());
        if (identity.isEmpty()) {
            return Decision.NO_OPINION;
        }
        String node = identity.get();
        if (node.isEmpty()) {
            return no("unknown node for user " + GoText.quoted(attributes.user().name()));
        }
        if (!attributes.resourceRequest()) {
            return byRules(attributes);
        }
        String resource = attributes.apiGroup().isEmpty()
                ? attributes.resource()
                : attributes.resource() + "." + attributes.apiGroup();
        return switch (resource) {
            case "secrets" -> readNamespaced(node, Kind.SECRET, attributes);
            case "configmaps" -> readNamespaced(node, Kind.CONFIG_MAP, attributes);
            case "persistentvolumeclaims" ->
                attributes.subresource().equals("status")
                        ? updateStatus(node, attributes)
                        : getOnly(node, Kind.CLAIM, attributes);
            case "persistentvolumes" -> getOnly(node, Kind.VOLUME, attributes);
            case "resourceclaims.resource.k8s.io" -> getOnly(node, Kind.RESOURCE_CLAIM, attributes);
            case "volumeattachments.storage.k8s.io" -> getOnly(node, Kind.ATTACHMENT, attributes);
            case "serviceaccounts" -> serviceAccount(node, attributes);
            case "leases.coordination.k8s.io" -> lease(node, attributes);
            case "csinodes.storage.k8s.io" -> csiNode(node, attributes);
            case "resourceslices.resource.k8s.io" -> slice(node, attributes);
            case "nodes" -> node(node, attributes);
            case "pods" -> pod(node, attributes);
            case "podcertificaterequests.certificates.k8s.io" -> certificateRequest(node, attributes);
            default -> byRules(attributes);
        };
    }

    private Decision byRules(RequestAttributes attributes) {
        return nodeRules.stream().anyMatch(rule -> rule.allows(attributes)) ? ALLOW : Decision.NO_OPINION;
    }

    private Decision readNamespaced(String node, Kind kind, RequestAttributes attributes) {
        if (!READ.contains(attributes.verb())) {
            return no("can only read resources of this type");
        }
        if (!attributes.subresource().isEmpty()) {
            return no("cannot read subresource");
        }
        if (attributes.namespace().isEmpty()) {
            return no("can only read namespaced object of this type");
        }
        return related(node, kind, attributes);
    }

    private Decision getOnly(String node, Kind kind, RequestAttributes attributes) {
        if (!attributes.verb().equals("get")) {
            return no("can only get individual resources of this type");
        }
        if (!attributes.subresource().isEmpty()) {
            return no("cannot get subresource");
        }
        return related(node, kind, attributes);
    }

    private Decision updateStatus(String node, RequestAttributes attributes) {
        return Set.of("update", "patch").contains(attributes.verb())
                ? related(node, Kind.CLAIM, attributes)
                : no("can only get/update/patch this type");
    }

    private Decision serviceAccount(String node, RequestAttributes attributes) {
        if (attributes.verb().equals("get") && attributes.subresource().isEmpty()) {
            return readNamespaced(node, Kind.SERVICE_ACCOUNT, attributes);
        }
        if (!attributes.verb().equals("create") || attributes.name().isEmpty()) {
            return no("can only create tokens for individual service accounts");
        }
        if (!attributes.subresource().equals("token")) {
            return no("can only create token subresource of serviceaccount");
        }
        return related(node, Kind.SERVICE_ACCOUNT, attributes);
    }

    private static Decision lease(String node, RequestAttributes attributes) {
        if (!SINGLE.contains(attributes.verb())) {
            return no("can only get, create, update, patch, or delete a node lease");
        }
        if (!attributes.namespace().equals(LEASE_NAMESPACE)) {
            return no("can only access leases in the " + GoText.quoted(LEASE_NAMESPACE) + " system namespace");
        }
        return ownOrCreate(node, attributes, "can only access node lease with the same name as the requesting node");
    }

    private static Decision csiNode(String node, RequestAttributes attributes) {
        if (!SINGLE.contains(attributes.verb())) {
            return no("can only get, create, update, patch, or delete a CSINode");
        }
        if (!attributes.subresource().isEmpty()) {
            return no("cannot authorize CSINode subresources");
        }
        return ownOrCreate(node, attributes, "can only access CSINode with the same name as the requesting node");
    }

    // The name is not known when an object is created; admission checks it.
    private static Decision ownOrCreate(String node, RequestAttributes attributes, String otherwise) {
        return attributes.verb().equals("create") || attributes.name().equals(node) ? ALLOW : no(otherwise);
    }

    private Decision slice(String node, RequestAttributes attributes) {
        if (!attributes.subresource().isEmpty()) {
            return no("cannot authorize ResourceSlice subresources");
        }
        return switch (attributes.verb()) {
            case "create" -> ALLOW;
            case "get", "update", "patch", "delete" -> related(node, Kind.SLICE, attributes);
            case "watch", "list", "deletecollection" ->
                selects(attributes, "spec.nodeName", node)
                        ? ALLOW
                        : no("can only list/watch/deletecollection resourceslices with nodeName field selector");
            default ->
                no("only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch,"
                        + " delete, deletecollection");
        };
    }

    private static Decision node(String node, RequestAttributes attributes) {
        String verb = attributes.verb();
        if (attributes.subresource().isEmpty()) {
            if (Set.of("create", "update", "patch").contains(verb)) {
                return ALLOW;
            }
            if (READ.contains(verb)) {
                return readNode(node, attributes.name());
            }
        } else if (attributes.subresource().equals("status")
                && Set.of("update", "patch").contains(verb)) {
            return ALLOW;
        }
        return Decision.NO_OPINION;
    }

    private static Decision readNode(String node, String name) {
        if (name.equals(node)) {
            return ALLOW;
        }
        return no(
                name.isEmpty()
                        ? "node '" + node + "' cannot read all nodes, only its own Node object"
                        : "node '" + node + "' cannot read '" + name + "', only its own Node object");
    }

    private Decision pod(String node, RequestAttributes attributes) {
        String verb = attributes.verb();
        return switch (attributes.subresource()) {
            case "" ->
                switch (verb) {
                    case "get" -> getOnly(node, Kind.POD, attributes);
                    case "list", "watch" -> listPods(node, attributes);
                    case "create", "delete" -> ALLOW;
                    default -> Decision.NO_OPINION;
                };
            case "status" -> verb.equals("update") || verb.equals("patch") ? ALLOW : Decision.NO_OPINION;
            case "eviction" -> verb.equals("create") ? ALLOW : Decision.NO_OPINION;
            default -> Decision.NO_OPINION;
        };
    }

    private Decision listPods(String node, RequestAttributes attributes) {
        if (selects(attributes, "spec.nodeName", node)) {
            return ALLOW;
        }
        return attributes.name().isEmpty()
                ? no("can only list/watch pods with spec.nodeName field selector")
                : related(node, Kind.POD, attributes);
    }

    private Decision certificateRequest(String node, RequestAttributes attributes) {
        if (!attributes.subresource().isEmpty()) {
            return no("nodes may not access the status subresource of PodCertificateRequests");
        }
        return switch (attributes.verb()) {
            case "create" -> ALLOW;
            case "get" -> related(node, Kind.CERTIFICATE_REQUEST, attributes);
            case "list", "watch" ->
                selects(attributes, "spec.nodeName", node)
                        ? ALLOW
                        : no("can only list/watch podcertificaterequests with nodeName field selector");
            default -> no("nodes may not " + attributes.verb() + " podcertificaterequests");
        };
    }

    private Decision related(String node, Kind kind, RequestAttributes attributes) {
        if (attributes.name().isEmpty()) {
            return no("No Object name found");
        }
        return graph.related(new Vertex(kind, attributes.namespace(), attributes.name()), node)
                ? ALLOW
                : no("no relationship found between node '" + node + "' and this object");
    }

    // Terms are and-ed: one that pins the field to the value is enough.
    private static boolean selects(RequestAttributes attributes, String field, String value) {
        for (String term : attributes.fieldSelector().split(",")) {
            if (term.equals(field + "=" + value) || term.equals(field + "==" + value)) {
                return true;
            }
        }
        return false;
    }

    private static Decision no(String reason) {
        return new Decision(Verdict.NO_OPINION, reason);
    }
}
