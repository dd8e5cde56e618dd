package io.jollyboat.kubelet.pod;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.kubelet.model.ObservedPod;
import io.jollyboat.kubelet.model.PodId;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One pod's loop: steps whenever it is poked, never twice at once, on a virtual thread that lives as long as there is
 * something to do.
 */
final class PodLoop {
    private static final Log LOG = Log.of(PodLoop.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration MAX_RETRY = Duration.ofSeconds(30);

    private enum State {
        IDLE,
        STEPPING,
        /** Poked while stepping: once more. */
        DIRTY,
        CLOSED
    }

    private final PodId id;
    private final Runtime runtime;
    private final PodStepper stepper;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private Duration retry = FIRST_RETRY;
    private Runtime.Timer timer;

    PodLoop(Pod pod, NodeParts parts, PodRegistry registry) {
        this.id = PodId.of(pod);
        this.runtime = parts.runtime();
        this.stepper = new PodStepper(pod, parts, registry, this::poke);
    }

    PodId id() {
        return id;
    }

    Pod pod() {
        return stepper.pod();
    }

    /** What the last step saw in the runtime. */
    ObservedPod observed() {
        return stepper.observed();
    }

    /** The API has the pod so. */
    void desired(Pod pod) {
        if (stepper.desired(pod)) {
            poke();
        }
    }

    /** The API has the pod no more. */
    void removed() {
        stepper.removed();
        poke();
    }

    /** Something that the pod names has changed. */
    void objectChanged() {
        stepper.objectChanged();
        poke();
    }

    /** The runtime says that this sandbox or container of the pod changed, though it may not show it yet. */
    void suspect(String id) {
        stepper.suspect(id);
        poke();
    }

    /** The kubelet ends the pod. */
    void fail(String reason, String message) {
        stepper.fail(reason, message);
        poke();
    }

    void poke() {
        while (true) {
            State now = state.get();
            switch (now) {
                case IDLE -> {
                    if (state.compareAndSet(State.IDLE, State.STEPPING)) {
                        runtime.start("pod " + id.name(), this::run);
                        return;
                    }
                }
                case STEPPING -> {
                    if (state.compareAndSet(State.STEPPING, State.DIRTY)) {
                        return;
                    }
                }
                case DIRTY, CLOSED -> {
                    return;
                }
            }
        }
    }

    /** No step begins any more; what runs in the runtime runs on. */
    void close() {
        state.set(State.CLOSED);
        stepper.close();
    }

    private void run() {
        do {
            if (state.get() == State.CLOSED) {
                return;
            }
            state.compareAndSet(State.DIRTY, State.STEPPING);
            step();
        } while (!state.compareAndSet(State.STEPPING, State.IDLE));
    }

    private void step() {
        if (timer != null) {
            timer.cancel();
        }
        try {
            Instant wakeAt = stepper.step();
            retry = FIRST_RETRY;
            if (wakeAt != null) {
                Duration wait = Duration.between(runtime.now(), wakeAt);
                wakeAfter(wait.isNegative() ? Duration.ZERO : wait);
            }
        } catch (RuntimeException e) {
            if (state.get() == State.CLOSED) {
                return;
            }
            if (e instanceof CriException cri && cri.isUnavailable()) {
                // The node reports it; each pod need not.
                LOG.debug("container runtime is away", "key", id.key());
            } else {
                LOG.warn("step of pod failed, will try again", e, "key", id.key(), "after", retry);
            }
            wakeAfter(retry);
            retry = retry.multipliedBy(2).compareTo(MAX_RETRY) < 0 ? retry.multipliedBy(2) : MAX_RETRY;
        }
    }

    private void wakeAfter(Duration wait) {
        timer = runtime.schedule(wait, this::poke);
    }
}
