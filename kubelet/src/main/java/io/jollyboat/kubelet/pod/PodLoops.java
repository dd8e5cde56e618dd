package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.cri.v1.Container;
import io.jollyboat.cri.v1.ContainerState;
import io.jollyboat.cri.v1.PodSandbox;
import io.jollyboat.cri.v1.PodSandboxState;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.kubelet.cri.CriLabels;
import io.jollyboat.kubelet.model.ObservedContainer;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.PodId;
import io.jollyboat.kubelet.server.PodView;
import io.jollyboat.log.Log;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All pods' loops of this node, and the roads to them: from the API, from the runtime, from changed objects. */
public final class PodLoops implements ContainerRuntime.Listener, PodView, AutoCloseable {
    private static final Log LOG = Log.of(PodLoops.class);

    private final NodeParts parts;
    private final Map<String, PodLoop> loops = new ConcurrentHashMap<>();
    /** Which pod a sandbox or container is of. */
    private final Map<String, PodLoop> owners = new ConcurrentHashMap<>();

    private final PodRegistry registry = new Registry();
    private volatile boolean closed;

    public PodLoops(NodeParts parts) {
        this.parts = parts;
    }

    /** A change in the API, as informers tell it. */
    public void onChange(Pod before, Pod after) {
        if (closed) {
            return;
        }
        if (before != null
                && (after == null
                        || !after.getMetadata()
                                .getUid()
                                .equals(before.getMetadata().getUid()))) {
            Optional.ofNullable(loops.get(before.getMetadata().getUid())).ifPresent(PodLoop::removed);
        }
        if (after != null) {
            PodLoop known = loops.get(after.getMetadata().getUid());
            if (known != null) {
                known.desired(after);
            } else {
                begin(after);
            }
        }
    }

    /** A ConfigMap or Secret of the pod changed. */
    public void objectChanged(String podUid) {
        Optional.ofNullable(loops.get(podUid)).ifPresent(PodLoop::objectChanged);
    }

    /** Ends the pod as failed. */
    public void fail(String podUid, String reason, String message) {
        Optional.ofNullable(loops.get(podUid)).ifPresent(loop -> loop.fail(reason, message));
    }

    @Override
    public Collection<Pod> pods() {
        return loops.values().stream().map(PodLoop::pod).toList();
    }

    @Override
    public Optional<Pod> pod(String namespace, String name) {
        return loops.values().stream()
                .filter(l ->
                        l.id().namespace().equals(namespace) && l.id().name().equals(name))
                .map(PodLoop::pod)
                .reduce((first, second) -> second.getMetadata().hasDeletionTimestamp() ? first : second);
    }

    @Override
    public ObservedPod observed(String podUid) {
        return Optional.ofNullable(loops.get(podUid)).map(PodLoop::observed).orElse(ObservedPod.NOTHING);
    }

    @Override
    public void changed(String id) {
        Optional.ofNullable(owners.get(id)).ifPresent(loop -> loop.suspect(id));
    }

    @Override
    public void resync() {
        loops.values().forEach(PodLoop::poke);
    }

    /**
     * Compares all that the runtime holds with what the loops saw last, in two calls: pokes those that missed something,
     * and ends pods that nobody asks for.
     *
     * @param allKnown the API's pods are all here, so that any other is an orphan
     */
    public void compare(boolean allKnown) {
        Map<String, Set<String>> signatures = new HashMap<>();
        Map<String, Pod> found = new HashMap<>();
        try {
            for (PodSandbox sandbox : parts.cri().listPodSandboxes(Map.of())) {
                String uid = sandbox.getMetadata().getUid();
                found.put(uid, orphan(sandbox));
                signatures
                        .computeIfAbsent(uid, u -> new HashSet<>())
                        .add(sandbox.getId() + (sandbox.getState() == PodSandboxState.SANDBOX_READY));
            }
            for (Container container : parts.cri().listContainers(Map.of())) {
                String uid = container.getLabelsOrDefault(CriLabels.POD_UID, "");
                signatures
                        .computeIfAbsent(uid, u -> new HashSet<>())
                        .add(container.getId() + (container.getState() == ContainerState.CONTAINER_RUNNING));
            }
        } catch (CriException e) {
            LOG.warn("cannot list what the container runtime holds", "error", e.rpcText());
            return;
        }
        loops.forEach((uid, loop) -> {
            if (!signature(loop.observed()).equals(signatures.getOrDefault(uid, Set.of()))) {
                loop.poke();
            }
        });
        if (allKnown) {
            found.forEach((uid, pod) -> {
                if (!uid.isEmpty() && !loops.containsKey(uid)) {
                    LOG.info(
                            "ending a pod that nobody asks for",
                            "key",
                            PodId.of(pod).key(),
                            "uid",
                            uid);
                    begin(pod).removed();
                }
            });
            removeLeftovers();
        }
    }

    /** What a kubelet that was killed could not clean up any more. */
    private void removeLeftovers() {
        Set<String> uids = new HashSet<>(parts.volumes().podUids());
        uids.addAll(parts.cgroups().podUids());
        uids.removeAll(loops.keySet());
        for (String uid : uids) {
            LOG.info("removing what is left of a pod", "uid", uid);
            try {
                parts.volumes().tearDown(uid);
                parts.cgroups().remove(uid);
            } catch (UncheckedIOException e) {
                LOG.warn("cannot remove what is left of a pod", "uid", uid, "error", e.toString());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        loops.values().forEach(PodLoop::close);
    }

    private PodLoop begin(Pod pod) {
        PodLoop loop = loops.computeIfAbsent(pod.getMetadata().getUid(), uid -> new PodLoop(pod, parts, registry));
        loop.poke();
        return loop;
    }

    private static Set<String> signature(ObservedPod observed) {
        Set<String> signature = new HashSet<>();
        observed.sandboxes().forEach(s -> signature.add(s.id() + s.ready()));
        for (ObservedContainer container : observed.containers()) {
            signature.add(container.id() + container.running());
        }
        return signature;
    }

    /** All that is known of a pod whose object is gone. */
    private static Pod orphan(PodSandbox sandbox) {
        return Pod.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setName(sandbox.getMetadata().getName())
                        .setNamespace(sandbox.getMetadata().getNamespace())
                        .setUid(sandbox.getMetadata().getUid())
                        .setDeletionTimestamp(Time.getDefaultInstance())
                        .setDeletionGracePeriodSeconds(30))
                .setSpec(PodSpec.getDefaultInstance())
                .build();
    }

    private final class Registry implements PodRegistry {
        @Override
        public void observed(PodId pod, ObservedPod observed) {
            PodLoop loop = loops.get(pod.uid());
            if (loop != null) {
                observed.sandboxes().forEach(s -> owners.put(s.id(), loop));
                observed.containers().forEach(c -> owners.put(c.id(), loop));
            }
        }

        @Override
        public void owns(PodId pod, String id) {
            PodLoop loop = loops.get(pod.uid());
            if (loop != null) {
                owners.put(id, loop);
            }
        }

        @Override
        public void purged(PodId pod) {
            PodLoop loop = loops.remove(pod.uid());
            owners.values().removeIf(l -> l == loop);
        }
    }
}
