package io.jollyboat.apiserver.rest;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.request.AccessGate;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.QueryParams;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Passes requests for a pod's logs, processes and ports on to the kubelet of the pod's node. */
final class KubeletProxy {
    private static final Set<String> SUBRESOURCES = Set.of("log", "exec", "attach", "portforward", "proxy");
    /** A GET, as WebSockets begin, does as much here as a POST: who may not POST may not GET. */
    private static final Set<String> CREATED = Set.of("exec", "attach", "portforward");

    private final AccessGate gate;
    private final ResourceService resources;
    private final KubeletLocator nodes;
    private final KubeletHttp http;
    private final KubeletTunnel tunnel;
    private final ServiceProxy services;

    KubeletProxy(
            AccessGate gate,
            ResourceService resources,
            KubeletLocator nodes,
            KubeletHttp http,
            KubeletTunnel tunnel,
            ServiceProxy services) {
        this.gate = gate;
        this.resources = resources;
        this.nodes = nodes;
        this.http = http;
        this.tunnel = tunnel;
        this.services = services;
    }

    static boolean handles(Target target) {
        return SUBRESOURCES.contains(target.subresource());
    }

    void handle(HttpExchange exchange, RequestInfo info, Target target, UserInfo user) throws InterruptedException {
        ResourceType<?> type = target.type();
        if (!target.subresource().equals("log")) {
            resources.admitConnection(
                    new Call(user).audited(exchange.notes()),
                    target,
                    ConnectOptions.of(target, info, exchange.query()));
        }
        if (CREATED.contains(target.subresource())) {
            gate.authorizeAlso(user, info, "create");
        }
        if (target.subresource().equals("proxy")) {
            services.handle(exchange, info, target);
            return;
        }
        if (!type.qualifiedResource().equals("pods")) {
            throw Routing.notFound();
        }
        QueryParams query = exchange.query();
        if (target.subresource().equals("log")) {
            LogOptions.check(target.name(), query);
        }
        Message object = resources.object(type, resources.get(target.main(), ""));
        Pod pod = (Pod) object;
        switch (target.subresource()) {
            case "log" -> log(exchange, pod, query);
            case "exec", "attach" -> process(exchange, pod, target.subresource(), query);
            default -> ports(exchange, pod, query);
        }
    }

    private void log(HttpExchange exchange, Pod pod, QueryParams query) throws InterruptedException {
        String container = container(pod, query.text("container"));
        if (pod.getSpec().getNodeName().isEmpty()) {
            // Nothing has run yet: an empty log.
            exchange.reply(Reply.empty(204));
            return;
        }
        Query forward = new Query();
        for (String name : List.of(
                "follow", "previous", "sinceSeconds", "sinceTime", "timestamps", "tailLines", "limitBytes", "stream")) {
            if (query.has(name)) {
                forward.add(name, query.text(name));
            }
        }
        String path = "/containerLogs/" + path(pod) + "/" + container + forward;
        http.stream(exchange, nodes.find(pod.getSpec().getNodeName()), path);
    }

    private void process(HttpExchange exchange, Pod pod, String action, QueryParams query) throws InterruptedException {
        String container = container(pod, query.text("container"));
        checkPlaced(pod);
        Query forward = new Query();
        query.all("command").forEach(word -> forward.add("command", word));
        flag(query, "stdin", forward, "input");
        flag(query, "stdout", forward, "output");
        flag(query, "stderr", forward, "error");
        flag(query, "tty", forward, "tty");
        String path = "/" + action + "/" + path(pod) + "/" + container + forward;
        tunnel.open(exchange, nodes.find(pod.getSpec().getNodeName()), path);
    }

    private void ports(HttpExchange exchange, Pod pod, QueryParams query) throws InterruptedException {
        List<Integer> numbers = ConnectOptions.ports(query);
        checkPlaced(pod);
        Query forward = new Query();
        if (!numbers.isEmpty()) {
            // WebSocket clients name their ports at once, separated by commas or repeated.
            forward.add("port", numbers.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        tunnel.open(exchange, nodes.find(pod.getSpec().getNodeName()), "/portForward/" + path(pod) + forward);
    }

    private static String path(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }

    private static void checkPlaced(Pod pod) {
        if (pod.getSpec().getNodeName().isEmpty()) {
            throw ApiException.badRequest("pod " + pod.getMetadata().getName() + " does not have a host assigned");
        }
    }

    private static void flag(QueryParams query, String name, Query forward, String as) {
        if (query.flag(name)) {
            forward.add(as, "1");
        }
    }

    /** The container that is meant, as upstream chooses it. */
    private static String container(Pod pod, String asked) {
        String name = pod.getMetadata().getName();
        List<String> names = names(pod);
        if (!asked.isEmpty()) {
            if (!names.contains(asked)) {
                throw ApiException.badRequest("container " + asked + " is not valid for pod " + name);
            }
            return asked;
        }
        if (pod.getSpec().getContainersCount() == 1) {
            return pod.getSpec().getContainers(0).getName();
        }
        throw ApiException.badRequest("a container name must be specified for pod " + name + ", choose one of: ["
                + String.join(" ", names) + "]");
    }

    /** Of all containers, in upstream's order. */
    private static List<String> names(Pod pod) {
        List<String> names = new ArrayList<>();
        pod.getSpec().getInitContainersList().stream().map(Container::getName).forEach(names::add);
        pod.getSpec().getContainersList().stream().map(Container::getName).forEach(names::add);
        pod.getSpec().getEphemeralContainersList().stream()
                .map(container -> container.getEphemeralContainerCommon().getName())
                .forEach(names::add);
        return names;
    }

    /** A query under construction. */
    private static final class Query {
        private final StringBuilder text = new StringBuilder();

        void add(String name, String value) {
            text.append(text.isEmpty() ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
