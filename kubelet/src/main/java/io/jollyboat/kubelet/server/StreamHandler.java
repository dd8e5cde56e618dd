package io.jollyboat.kubelet.server;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.cri.v1.AttachRequest;
import io.jollyboat.cri.v1.ExecRequest;
import io.jollyboat.cri.v1.PortForwardRequest;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.ObservedSandbox;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.kubelet.streams.Client;
import io.jollyboat.kubelet.streams.ExecTranslator;
import io.jollyboat.kubelet.streams.ExecTranslator.Streams;
import io.jollyboat.kubelet.streams.SpdyTunnel;
import io.jollyboat.kubelet.streams.StreamPipe;
import io.jollyboat.kubelet.streams.UnreachableException;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /exec}, {@code /attach}, {@code /portForward}: finds the runtime's URL of the stream, and joins the two. */
final class StreamHandler {
    private static final String PROTOCOL_SUFFIX = ".k8s.io";

    private final PodView pods;
    private final ContainerRuntime cri;
    private final StreamPipe pipe;
    private final ExecTranslator translator;
    private final SpdyTunnel tunnel;

    StreamHandler(PodView pods, ContainerRuntime cri, Runtime runtime) {
        this.pods = pods;
        this.cri = cri;
        this.pipe = new StreamPipe(runtime);
        this.translator = new ExecTranslator(runtime);
        this.tunnel = new SpdyTunnel(runtime);
    }

    /**
     * Serves the stream to its end, as the client speaks it: what the runtime understands goes through as it is.
     *
     * @throws HttpFailure as upstream words it when there is nothing to connect to
     */
    void serve(Request request, Response response, Client client)
            throws IOException, InterruptedException, HttpFailure {
        List<String> path = request.segments();
        boolean ports = path.getFirst().equals("portForward");
        if (path.size() != (ports ? 3 : 4)) {
            throw new HttpFailure(404, "404 page not found\n");
        }
        List<String> offered = request.isWebSocket() ? request.list("sec-websocket-protocol") : List.of();
        List<String> tunnels = offered.stream()
                .filter(p -> p.startsWith(SpdyTunnel.PREFIX) && p.endsWith(PROTOCOL_SUFFIX))
                .toList();
        Streams streams = ports ? null : streams(request);
        List<Integer> numbers = ports && tunnels.isEmpty() && request.isWebSocket() ? ports(request) : List.of();
        Pod pod = pods.pod(path.get(1), path.get(2)).orElseThrow(() -> new HttpFailure(404, "pod does not exist"));
        String url = url(request, pod, path, streams, numbers);
        if (!request.isUpgrade()) {
            throw new HttpFailure(400, "Upgrade request required");
        }
        Optional<String> protocol = ExecTranslator.chosen(offered);
        client.socket().setSoTimeout(0);
        try {
            if (ports && !tunnels.isEmpty()) {
                tunnel.serve(client, url, webSocketKey(request), tunnels, response::text);
            } else if (!ports && protocol.isPresent()) {
                translator.serve(client, url, webSocketKey(request), protocol.get(), streams);
            } else {
                pipe.join(url, request.method(), request.headers(), client);
            }
        } catch (UnreachableException e) {
            throw new HttpFailure(500, e.getMessage());
        }
    }

    private static String webSocketKey(Request request) throws HttpFailure {
        String key = request.headers().getOrDefault("sec-websocket-key", "");
        if (key.isEmpty() || !request.method().equals("GET")) {
            throw new HttpFailure(400, "Bad Request");
        }
        if (!request.headers().getOrDefault("sec-websocket-version", "").equals("13")) {
            throw new HttpFailure(400, "Bad Request: Sec-WebSocket-Version: 13");
        }
        return key;
    }

    private String url(Request request, Pod pod, List<String> path, Streams streams, List<Integer> ports)
            throws HttpFailure {
        try {
            return switch (path.getFirst()) {
                case "exec" -> cri.exec(exec(request, pod, path.getLast(), streams));
                case "attach" -> cri.attach(attach(pod, path.getLast(), streams));
                default -> cri.portForward(portForward(pod, ports));
            };
        } catch (CriException e) {
            throw new HttpFailure(
                    switch (e.code()) {
                        case UNIMPLEMENTED -> 501;
                        case NOT_FOUND -> 404;
                        case RESOURCE_EXHAUSTED -> 429;
                        default -> 500;
                    },
                    e.rpcText());
        }
    }

    private ExecRequest exec(Request request, Pod pod, String container, Streams streams) throws HttpFailure {
        ObservedContainer running = running(pod, container)
                .orElseThrow(() -> new HttpFailure(500, "container not found (\"" + container + "\")"));
        List<String> command = request.query().getOrDefault("command", List.of());
        if (command.isEmpty()) {
            throw new HttpFailure(400, "you must specify a command");
        }
        return ExecRequest.newBuilder()
                .setContainerId(running.id())
                .addAllCmd(command)
                .setStdin(streams.in())
                .setStdout(streams.out())
                .setStderr(streams.err())
                .setTty(streams.tty())
                .build();
    }

    private AttachRequest attach(Pod pod, String container, Streams streams) throws HttpFailure {
        ObservedContainer running = running(pod, container)
                .orElseThrow(
                        () -> new HttpFailure(500, "container " + container + " not found in pod " + fullName(pod)));
        // Whether it is a terminal was decided when the container was made.
        boolean tty = Specs.container(pod, container).map(c -> c.getTty()).orElse(false);
        return AttachRequest.newBuilder()
                .setContainerId(running.id())
                .setStdin(streams.in())
                .setStdout(streams.out())
                .setStderr(streams.err() && !tty)
                .setTty(tty)
                .build();
    }

    private PortForwardRequest portForward(Pod pod, List<Integer> ports) throws HttpFailure {
        ObservedSandbox sandbox = pods.observed(pod.getMetadata().getUid())
                .readySandbox()
                .orElseThrow(() -> new HttpFailure(500, "pod not found (\"" + fullName(pod) + "\")"));
        return PortForwardRequest.newBuilder()
                .setPodSandboxId(sandbox.id())
                .addAllPort(ports)
                .build();
    }

    private static String fullName(Pod pod) {
        return pod.getMetadata().getName() + "_" + pod.getMetadata().getNamespace();
    }

    private Optional<ObservedContainer> running(Pod pod, String container) {
        return pods.observed(pod.getMetadata().getUid()).latest(container).filter(ObservedContainer::running);
    }

    /** The ports that a WebSocket's channels are for. */
    private static List<Integer> ports(Request request) throws HttpFailure {
        List<String> given = request.query().getOrDefault("port", List.of());
        if (given.isEmpty()) {
            throw new HttpFailure(400, "query parameter \"port\" is required");
        }
        List<Integer> ports = new ArrayList<>();
        for (String list : given) {
            if (list.isEmpty()) {
                throw new HttpFailure(400, "query parameter \"port\" cannot be empty");
            }
            for (String port : list.split(",", -1)) {
                ports.add(port(list, port));
            }
        }
        return ports;
    }

    private static int port(String list, String port) throws HttpFailure {
        boolean number = port.matches("\\d{1,9}");
        if (!number || Integer.parseInt(port) > 65535) {
            throw new HttpFailure(
                    400,
                    "unable to parse \"" + list + "\" as a port: strconv.ParseUint: parsing \"" + port + "\": "
                            + (port.matches("\\d+") ? "value out of range" : "invalid syntax"));
        }
        if (Integer.parseInt(port) < 1) {
            throw new HttpFailure(400, "port \"" + list + "\" must be > 0");
        }
        return Integer.parseInt(port);
    }

    /** The API's names and the kubelet's own for the same. */
    private static Streams streams(Request request) throws HttpFailure {
        boolean tty = request.flag("tty");
        boolean in = request.flag("input", "stdin");
        boolean out = request.flag("output", "stdout");
        // A terminal has one output.
        boolean err = request.flag("error", "stderr") && !tty;
        if (!in && !out && !err) {
            throw new HttpFailure(400, "you must specify at least 1 of stdin, stdout, stderr");
        }
        return new Streams(in, out, err, tty);
    }
}
