package io.jollyboat.kubelet.server;

import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.kubelet.logs.LogOptions;
import io.jollyboat.kubelet.logs.LogReader;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code /containerLogs/NAMESPACE/POD/CONTAINER}. */
final class LogHandler {
    private final PodView pods;
    private final Runtime runtime;

    LogHandler(PodView pods, Runtime runtime) {
        this.pods = pods;
        this.runtime = runtime;
    }

    void answer(Request request, Response response) throws IOException, HttpFailure, InterruptedException {
        List<String> path = request.segments();
        if (path.size() != 4) {
            throw new HttpFailure(404, "404 page not found\n");
        }
        String name = path.get(2);
        String container = path.get(3);
        Pod pod =
                pods.pod(path.get(1), name).orElseThrow(() -> new HttpFailure(404, "pod \"" + name + "\" not found\n"));
        if (Specs.container(pod, container).isEmpty()) {
            throw new HttpFailure(404, "container \"" + container + "\" not found in pod \"" + name + "\"\n");
        }
        LogOptions options = options(request);
        ObservedContainer instance = instance(pod, container, request.flag("previous"));
        Path file = Path.of(instance.logPath());
        if (!Files.exists(file)) {
            throw new HttpFailure(
                    400, "container \"" + container + "\" in pod \"" + name + "\" has no log file on its node");
        }
        try (OutputStream out = response.stream("text/plain")) {
            new LogReader(file, options, () -> runs(pod, instance.id()), runtime, out).copy();
        }
    }

    private boolean runs(Pod pod, String containerId) {
        return pods.observed(pod.getMetadata().getUid()).containers().stream()
                .anyMatch(c -> c.id().equals(containerId) && c.running());
    }

    /** The instance whose log is asked for, or upstream's words for why there is none. */
    private ObservedContainer instance(Pod pod, String container, boolean previous) throws HttpFailure {
        String where =
                "container \"" + container + "\" in pod \"" + pod.getMetadata().getName() + "\"";
        List<ObservedContainer> instances =
                pods.observed(pod.getMetadata().getUid()).instances(container);
        Optional<ContainerStatus> status = Stream.of(
                        pod.getStatus().getContainerStatusesList(),
                        pod.getStatus().getInitContainerStatusesList(),
                        pod.getStatus().getEphemeralContainerStatusesList())
                .flatMap(List::stream)
                .filter(s -> s.getName().equals(container))
                .findFirst();
        List<ObservedContainer> begun = instances.stream()
                .filter(c -> c.state() != ObservedContainer.State.CREATED
                        && !c.logPath().isEmpty())
                .toList();
        if (previous) {
            boolean backedOff = status.map(s -> s.getState().hasWaiting()).orElse(false);
            // While a restart is awaited, the last instance is the previous one.
            return begun.stream()
                    .skip(backedOff ? 0 : 1)
                    .findFirst()
                    .orElseThrow(() -> new HttpFailure(400, "previous terminated " + where + " not found"));
        }
        if (!begun.isEmpty()) {
            return begun.getFirst();
        }
        String reason = status.map(s -> s.getState().getWaiting().getReason()).orElse("");
        throw new HttpFailure(
                400,
                switch (reason) {
                    case "" -> where + " is not available";
                    case "ErrImagePull" -> where + " is waiting to start: image can't be pulled";
                    case "ImagePullBackOff" -> where + " is waiting to start: trying and failing to pull image";
                    default -> where + " is waiting to start: " + reason;
                });
    }

    private LogOptions options(Request request) throws HttpFailure {
        Instant since = null;
        Optional<String> seconds = request.parameter("sinceSeconds");
        Optional<String> time = request.parameter("sinceTime");
        try {
            if (seconds.isPresent()) {
                since = runtime.now().minusSeconds(Long.parseLong(seconds.get()));
            } else if (time.isPresent()) {
                since = OffsetDateTime.parse(time.get()).toInstant();
            }
            String stream = request.parameter("stream").orElse("All");
            return new LogOptions(
                    request.flag("follow"),
                    Long.parseLong(request.parameter("tailLines").orElse("-1")),
                    Long.parseLong(request.parameter("limitBytes").orElse("-1")),
                    since,
                    request.flag("timestamps"),
                    !stream.equals("Stderr"),
                    !stream.equals("Stdout"));
        } catch (NumberFormatException | DateTimeException e) {
            throw new HttpFailure(400, "{\"message\": \"Unable to decode query.\"}");
        }
    }
}
