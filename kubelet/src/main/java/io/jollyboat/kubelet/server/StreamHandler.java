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
import java.util.List;
import java.util.Map;

/** {@code /exec}, {@code /attach}, {@code /portForward}: finds the runtime's URL that serves the stream. */
final class StreamHandler {
    private final PodView pods;
    private final ContainerRuntime cri;

    StreamHandler(PodView pods, ContainerRuntime cri) {
        this.pods = pods;
        this.cri = cri;
    }

    /** @throws HttpFailure as upstream words it when there is nothing to connect to */
    String url(Request request) throws HttpFailure {
        if (!request.isUpgrade()) {
            throw new HttpFailure(400, "you must specify at least 1 of stdin, stdout, stderr, and upgrade");
        }
        List<String> path = request.segments();
        if (path.size() < 3) {
            throw new HttpFailure(404, "404 page not found\n");
        }
        Pod pod = pods.pod(path.get(1), path.get(2)).orElseThrow(() -> new HttpFailure(404, "pod does not exist\n"));
        try {
            return switch (path.getFirst()) {
                case "exec" -> cri.exec(exec(request, pod, path.getLast()));
                case "attach" -> cri.attach(attach(request, pod, path.getLast()));
                default -> cri.portForward(portForward(request, pod));
            };
        } catch (CriException e) {
            throw new HttpFailure(e.code() == io.grpc.Status.Code.UNIMPLEMENTED ? 501 : 500, e.rpcText());
        }
    }

    private ExecRequest exec(Request request, Pod pod, String container) throws HttpFailure {
        List<String> command = request.query().getOrDefault("command", List.of());
        if (command.isEmpty()) {
            throw new HttpFailure(400, "you must specify a command");
        }
        Streams streams = Streams.of(request);
        return ExecRequest.newBuilder()
                .setContainerId(running(pod, container).id())
                .addAllCmd(command)
                .setStdin(streams.in())
                .setStdout(streams.out())
                .setStderr(streams.err())
                .setTty(streams.tty())
                .build();
    }

    private AttachRequest attach(Request request, Pod pod, String container) throws HttpFailure {
        Streams streams = Streams.of(request);
        // Whether it is a terminal was decided when the container was made.
        boolean tty = Specs.container(pod, container).map(c -> c.getTty()).orElse(false);
        return AttachRequest.newBuilder()
                .setContainerId(running(pod, container).id())
                .setStdin(streams.in())
                .setStdout(streams.out())
                .setStderr(streams.err() && !tty)
                .setTty(tty)
                .build();
    }

    private PortForwardRequest portForward(Request request, Pod pod) throws HttpFailure {
        ObservedSandbox sandbox = pods.observed(pod.getMetadata().getUid())
                .readySandbox()
                .orElseThrow(() -> new HttpFailure(
                        500,
                        "pod not found (\"" + pod.getMetadata().getName() + "_"
                                + pod.getMetadata().getNamespace() + "\")"));
        PortForwardRequest.Builder forward = PortForwardRequest.newBuilder().setPodSandboxId(sandbox.id());
        for (Map.Entry<String, List<String>> parameter : request.query().entrySet()) {
            if (parameter.getKey().equals("port") || parameter.getKey().equals("ports")) {
                for (String ports : parameter.getValue()) {
                    for (String port : ports.split(",")) {
                        try {
                            forward.addPort(Integer.parseInt(port));
                        } catch (NumberFormatException e) {
                            throw new HttpFailure(400, "unable to parse \"" + port + "\" as a port");
                        }
                    }
                }
            }
        }
        return forward.build();
    }

    private ObservedContainer running(Pod pod, String container) throws HttpFailure {
        return pods.observed(pod.getMetadata().getUid())
                .latest(container)
                .filter(ObservedContainer::running)
                .orElseThrow(() -> new HttpFailure(500, "container not found (\"" + container + "\")"));
    }

    /** The API's names and the kubelet's own for the same. */
    private record Streams(boolean in, boolean out, boolean err, boolean tty) {
        static Streams of(Request request) throws HttpFailure {
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
}
