package io.jollyboat.apiserver.clients;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The objects that the clients' commands were about, by their paths, and what the commands send of them. */
final class ClientObjects {
    private static final Pattern OBJECT =
            Pattern.compile("(/api/v1|/apis/[^/]+/[^/]+)(/namespaces/[^/]+)?/([a-z]+)(?:/([^/]+))?(?:/([a-z]+))?");

    private static final String CORE = "/api/v1/namespaces/default/";
    private static final String APPS = "/apis/apps/v1/namespaces/default/";
    private static final String POD_SPEC = """
            {"containers": [{"name": "c", "image": "busybox", "command": ["sleep", "1000"],
              "resources": {"requests": {"cpu": "10m"}}, "ports": [{"containerPort": 80}]}]}""";
    private static final String TEMPLATE = """
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": %s}""".formatted(POD_SPEC);

    /** Path of each object that exists before a request, and the object. */
    private static final Map<String, String> PRESENT = new LinkedHashMap<>();

    static {
        PRESENT.put(CORE + "serviceaccounts/default", object("v1", "ServiceAccount", "default", ""));
        PRESENT.put("/api/v1/nodes/n1", object("v1", "Node", "n1", ", \"spec\": {\"podCIDR\": \"10.1.0.0/24\"}"));
        PRESENT.put(
                "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1",
                object(
                        "coordination.k8s.io/v1",
                        "Lease",
                        "n1",
                        ", \"spec\": {\"holderIdentity\": \"n1\", \"leaseDurationSeconds\": 40}"));
        for (String name : new String[] {"cm1", "cj", "f8", "n", "rel-c"}) {
            PRESENT.put(CORE + "configmaps/" + name, object("v1", "ConfigMap", name, ", \"data\": {\"a\": \"b\"}"));
        }
        for (String name : new String[] {"p1", "r2"}) {
            PRESENT.put(CORE + "pods/" + name, pod(name));
        }
        for (String name : new String[] {"web", "rel-s"}) {
            PRESENT.put(
                    CORE + "services/" + name,
                    object(
                            "v1",
                            "Service",
                            name,
                            ", \"spec\": {\"ports\": [{\"port\": 80}], \"selector\": {\"app\": \"web\"}}"));
        }
        PRESENT.put(
                CORE + "endpoints/web",
                object(
                        "v1",
                        "Endpoints",
                        "web",
                        ", \"subsets\": [{\"addresses\": [{\"ip\": \"10.2.0.1\"}], \"ports\": [{\"port\": 80}]}]"));
        PRESENT.put(
                "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/web-1",
                object("discovery.k8s.io/v1", "EndpointSlice", "web-1", """
                        , "addressType": "IPv4", "endpoints": [{"addresses": ["10.2.0.1"]}], "ports": [{"port": 80}]""")
                        .replace("{\"app\": \"web\"}", "{\"kubernetes.io/service-name\": \"web\"}"));
        for (int version = 1; version <= 4; version++) {
            String name = "sh.helm.release.v1.rel.v" + version;
            PRESENT.put(CORE + "secrets/" + name, secret(name, version));
        }
        for (String name : new String[] {"web", "rel-d"}) {
            PRESENT.put(APPS + "deployments/" + name, workload("Deployment", name, ""));
        }
        PRESENT.put(APPS + "statefulsets/db", workload("StatefulSet", "db", "\"serviceName\": \"db\", "));
        PRESENT.put(APPS + "daemonsets/ds", workload("DaemonSet", "ds", ""));
        PRESENT.put(APPS + "replicasets/web-1", workload("ReplicaSet", "web-1", ""));
        PRESENT.put(CORE + "events/e1", object("v1", "Event", "e1", """
                , "involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": "default", "name": "p1"},
                "reason": "Pulled", "message": "there", "type": "Normal", "count": 1,
                "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:00:00Z"
                """));
    }

    private ClientObjects() {}

    static Map<String, String> present() {
        return PRESENT;
    }

    /** The parts of an object's or a collection's path. */
    static Optional<Matcher> parts(String path) {
        Matcher matcher = OBJECT.matcher(path);
        return matcher.matches() ? Optional.of(matcher) : Optional.empty();
    }

    /** What a request of a client holds: the recordings have no bodies, so these are what the commands are about. */
    static String body(ClientRequest request) {
        Matcher path = parts(request.path()).orElse(null);
        if (path == null || request.method().equals("GET")) {
            return "";
        }
        String resource = path.group(3);
        String part = path.group(5) == null ? "" : path.group(5);
        return switch (request.method()) {
            case "DELETE" -> "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"propagationPolicy\":\"Background\"}";
            case "PATCH" -> patch(request, resource, part);
            case "PUT" -> put(request, part);
            default -> post(request, resource, part);
        };
    }

    private static String put(ClientRequest request, String part) {
        return switch (part) {
            case "scale" -> """
                    {"kind": "Scale", "apiVersion": "autoscaling/v1",
                     "metadata": {"name": "web", "namespace": "default"}, "spec": {"replicas": 3}}""";
            case "ephemeralcontainers" -> """
                    {"kind": "EphemeralContainers", "apiVersion": "v1", "metadata": {"name": "p1"},
                     "ephemeralContainers": [{"name": "debugger", "image": "busybox"}]}""";
            default -> PRESENT.get(request.path()).replace("\"labels\": {", "\"labels\": {\"replaced\": \"yes\", ");
        };
    }

    private static String patch(ClientRequest request, String resource, String part) {
        String type = request.contentType();
        if (type.startsWith("application/apply")) {
            String name = request.path().substring(request.path().lastIndexOf('/') + 1);
            String object = PRESENT.get(request.path());
            return object != null ? object : object("v1", "ConfigMap", name, ", \"data\": {\"a\": \"c\"}");
        }
        if (type.startsWith("application/json")) {
            return "[{\"op\": \"add\", \"path\": \"/metadata/labels\", \"value\": {\"a\": \"b\"}}]";
        }
        return switch (part) {
            case "scale" -> "{\"spec\": {\"replicas\": 3}}";
            case "status" -> "{\"status\": {\"replicas\": 2}}";
            case "ephemeralcontainers" -> """
                    {"spec": {"ephemeralContainers": [{"name": "debugger", "image": "busybox",
                     "terminationMessagePolicy": "File", "imagePullPolicy": "IfNotPresent"}]}}""";
            case "resize" -> """
                    {"spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": "20m"}}}]}}""";
            default ->
                resource.equals("nodes")
                        ? "{\"spec\": {\"unschedulable\": true}}"
                        : resource.equals("deployments") && type.contains("strategic")
                                ? "{\"spec\": {\"template\": {\"spec\": {\"containers\": [{\"name\": \"c\","
                                        + " \"image\": \"other\"}]}}}}"
                                : "{\"metadata\": {\"annotations\": {\"note\": \"yes\"}}}";
        };
    }

    private static String post(ClientRequest request, String resource, String part) {
        String proto = request.contentType().contains("protobuf") ? "v1" : "";
        return switch (part.isEmpty() ? resource : part) {
            case "configmaps" -> object("v1", "ConfigMap", "new", ", \"data\": {\"a\": \"b\"}");
            case "pods" -> pod("new");
            case "secrets" -> secret("new", 9);
            case "services" -> object("v1", "Service", "new", ", \"spec\": {\"ports\": [{\"port\": 80}]}");
            case "deployments" -> workload("Deployment", "new", "");
            case "token" -> "{\"kind\": \"TokenRequest\", \"apiVersion\": \"authentication.k8s.io/v1\", \"spec\": {}}";
            case "eviction" ->
                request.client().startsWith("fabric8")
                        ? "{\"kind\": \"Eviction\", \"apiVersion\": \"policy/v1beta1\", \"metadata\": {\"name\": \"p1\"}}"
                        : "{\"kind\": \"Eviction\", \"apiVersion\": \"policy/v1\", \"metadata\": {\"name\": \"p1\"}}";
            case "selfsubjectreviews" ->
                "{\"kind\": \"SelfSubjectReview\", \"apiVersion\": \"authentication.k8s.io/v1\"}";
            case "selfsubjectaccessreviews" -> """
                    {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "spec":
                     {"resourceAttributes": {"namespace": "default", "verb": "list", "resource": "pods"}}}""";
            case "selfsubjectrulesreviews" -> """
                    {"kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1",
                     "spec": {"namespace": "default"}}""";
            case "horizontalpodautoscalers" ->
                object(proto.isEmpty() ? "autoscaling/v1" : "autoscaling/v2", "HorizontalPodAutoscaler", "new", """
                        , "spec": {"maxReplicas": 3,
                         "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}""");
            case "clusterrolebindings" -> object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "new", """
                        , "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
                        "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": "default"}]""");
            default -> ""; // a stream's
        };
    }

    private static String pod(String name) {
        return object("v1", "Pod", name, ", \"spec\": " + POD_SPEC);
    }

    private static String secret(String name, int version) {
        return object("v1", "Secret", name, ", \"type\": \"helm.sh/release.v1\", \"stringData\": {\"release\": \"x\"}")
                .replace(
                        "{\"app\": \"web\"}",
                        "{\"name\": \"rel\", \"owner\": \"helm\", \"status\": \"deployed\", \"version\": \"" + version
                                + "\"}");
    }

    private static String workload(String kind, String name, String spec) {
        return object("apps/v1", kind, name, ", \"spec\": {" + spec + TEMPLATE + "}");
    }

    private static String object(String apiVersion, String kind, String name, String rest) {
        return "{\"kind\": \"" + kind + "\", \"apiVersion\": \"" + apiVersion + "\", \"metadata\": {\"name\": \"" + name
                + "\", \"labels\": {\"app\": \"web\"}}" + rest + "}";
    }
}
