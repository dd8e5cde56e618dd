package io.jollyboat.kubelet.pod;

import io.jollyboat.cri.v1.Container;
import io.jollyboat.cri.v1.ContainerStatus;
import io.jollyboat.cri.v1.NamespaceMode;
import io.jollyboat.cri.v1.PodIP;
import io.jollyboat.cri.v1.PodSandbox;
import io.jollyboat.cri.v1.PodSandboxState;
import io.jollyboat.cri.v1.PodSandboxStatus;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.kubelet.cri.CriLabels;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.ObservedSandbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks one pod up in the runtime. Keeps what cannot change any more: ended containers, and a ready sandbox's addresses.
 * Owned by the pod's loop; not thread-safe.
 */
public final class PodObserver {
    private final ContainerRuntime runtime;
    private final TerminationMessages messages;
    private final Map<String, String> labels;
    private Map<String, ObservedContainer> ended = Map.of();
    private Map<String, PodSandboxStatus> sandboxes = Map.of();

    public PodObserver(String podUid, ContainerRuntime runtime, TerminationMessages messages) {
        this.runtime = runtime;
        this.messages = messages;
        this.labels = Map.of(CriLabels.POD_UID, podUid);
    }

    public ObservedPod observe() {
        return new ObservedPod(observeSandboxes(), observeContainers());
    }

    /** As seen before, with what the runtime says now of what it has just made. */
    ObservedPod observe(ObservedPod before, Effects effects) {
        List<ObservedSandbox> seenSandboxes = new ArrayList<>(before.sandboxes());
        List<ObservedContainer> seenContainers = new ArrayList<>(before.containers());
        try {
            for (String id : effects.sandboxes()) {
                PodSandboxStatus status = runtime.podSandboxStatus(id);
                Map<String, PodSandboxStatus> kept = new HashMap<>(sandboxes);
                kept.put(id, status);
                sandboxes = kept;
                seenSandboxes.addFirst(sandbox(status));
            }
            for (String id : effects.containers()) {
                String sandboxId = seenSandboxes.getFirst().id();
                seenContainers.addFirst(observe(sandboxId, runtime.containerStatus(id)));
            }
        } catch (CriException e) {
            if (e.isNotFound()) {
                return observe(); // gone already
            }
            throw e;
        }
        return new ObservedPod(seenSandboxes, seenContainers);
    }

    private List<ObservedSandbox> observeSandboxes() {
        List<ObservedSandbox> found = new ArrayList<>();
        Map<String, PodSandboxStatus> kept = new HashMap<>();
        for (PodSandbox sandbox : runtime.listPodSandboxes(labels)) {
            PodSandboxStatus status;
            try {
                PodSandboxStatus known = sandboxes.get(sandbox.getId());
                status = known != null && known.getState() == sandbox.getState()
                        ? known
                        : runtime.podSandboxStatus(sandbox.getId());
            } catch (CriException e) {
                if (e.isNotFound()) {
                    continue;
                }
                throw e;
            }
            kept.put(sandbox.getId(), status);
            found.add(sandbox(status));
        }
        sandboxes = kept;
        found.sort(Comparator.comparingLong(ObservedSandbox::createdAtNanos).reversed());
        return found;
    }

    private static ObservedSandbox sandbox(PodSandboxStatus status) {
        List<String> ips = new ArrayList<>();
        if (!status.getNetwork().getIp().isEmpty()) {
            ips.add(status.getNetwork().getIp());
            for (PodIP ip : status.getNetwork().getAdditionalIpsList()) {
                ips.add(ip.getIp());
            }
        }
        return new ObservedSandbox(
                status.getId(),
                status.getMetadata().getAttempt(),
                status.getState() == PodSandboxState.SANDBOX_READY,
                status.getCreatedAt(),
                status.getLinux().getNamespaces().getOptions().getNetwork() == NamespaceMode.NODE,
                ips);
    }

    private List<ObservedContainer> observeContainers() {
        List<ObservedContainer> found = new ArrayList<>();
        Map<String, ObservedContainer> kept = new HashMap<>();
        for (Container container : runtime.listContainers(labels)) {
            ObservedContainer known = ended.get(container.getId());
            try {
                ObservedContainer now = known != null
                        ? known
                        : observe(container.getPodSandboxId(), runtime.containerStatus(container.getId()));
                if (now.exited()) {
                    kept.put(now.id(), now);
                }
                found.add(now);
            } catch (CriException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        ended = kept;
        found.sort(Comparator.comparing(ObservedContainer::createdAt).reversed());
        return found;
    }

    private ObservedContainer observe(String sandboxId, ContainerStatus status) {
        ObservedContainer.State state = switch (status.getState()) {
            case CONTAINER_CREATED -> ObservedContainer.State.CREATED;
            case CONTAINER_RUNNING -> ObservedContainer.State.RUNNING;
            case CONTAINER_EXITED -> ObservedContainer.State.EXITED;
            case CONTAINER_UNKNOWN, UNRECOGNIZED -> ObservedContainer.State.UNKNOWN;
        };
        boolean exited = state == ObservedContainer.State.EXITED;
        return new ObservedContainer(
                status.getId(),
                sandboxId,
                status.getMetadata().getName(),
                restartCount(status),
                state,
                instant(status.getCreatedAt()),
                instant(status.getStartedAt()),
                instant(status.getFinishedAt()),
                status.getExitCode(),
                status.getReason(),
                exited ? messages.of(status) : status.getMessage(),
                status.getImage().getImage(),
                status.getImageRef(),
                status.getAnnotationsOrDefault(CriLabels.CONTAINER_HASH, ""),
                status.getLogPath());
    }

    private static int restartCount(ContainerStatus status) {
        try {
            return Integer.parseInt(status.getAnnotationsOrDefault(CriLabels.RESTART_COUNT, "0"));
        } catch (NumberFormatException e) {
            return status.getMetadata().getAttempt();
        }
    }

    private static Instant instant(long nanos) {
        return nanos <= 0 ? Instant.EPOCH : Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
    }
}
