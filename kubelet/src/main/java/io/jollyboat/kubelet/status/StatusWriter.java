package io.jollyboat.kubelet.status;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.client.ApiClient;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.kubelet.model.PodId;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * Writes one pod's status beside its loop: one write at a time, the newest status wins, nothing is written that the API
 * has already. A write that fails is repeated until it succeeds, is superseded, or the pod is gone.
 */
public final class StatusWriter {
    private static final Log LOG = Log.of(StatusWriter.class);
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration MAX_RETRY = Duration.ofSeconds(10);

    private final ApiClient client;
    private final Runtime runtime;
    private final PodId id;
    private Pod known;
    private Work next;
    private boolean writing;

    private record Work(UnaryOperator<PodStatus> status, CompletableFuture<Boolean> done) {}

    public StatusWriter(ApiClient client, Runtime runtime, Pod pod) {
        this.client = client;
        this.runtime = runtime;
        this.id = PodId.of(pod);
        this.known = pod;
    }

    /** The API has the pod in this form. */
    public synchronized void saw(Pod pod) {
        if (version(pod) > version(known)) {
            known = pod;
        }
    }

    /** The newest status that the API is known to have. */
    public synchronized PodStatus last() {
        return known.getStatus();
    }

    /**
     * @param status from the status in the API to the new one; called again after a conflict
     * @return true when it is in the API, false when the pod is gone or a newer status came in its place
     */
    public synchronized CompletableFuture<Boolean> submit(UnaryOperator<PodStatus> status) {
        if (next != null) {
            next.done().complete(false);
        }
        next = new Work(status, new CompletableFuture<>());
        CompletableFuture<Boolean> done = next.done();
        if (!writing) {
            writing = true;
            runtime.start("status " + id.name(), this::run);
        }
        return done;
    }

    private void run() {
        Duration pause = FIRST_RETRY;
        while (true) {
            Work work;
            Pod base;
            synchronized (this) {
                if (next == null) {
                    writing = false;
                    return;
                }
                work = next;
                base = known;
                next = null;
            }
            try {
                write(base, work);
                pause = FIRST_RETRY;
            } catch (ApiException e) {
                LOG.warn("cannot write pod status", "key", id.key(), "error", e.getMessage());
                if (!putBack(work, e) || !slept(pause)) {
                    continue;
                }
                pause = pause.multipliedBy(2).compareTo(MAX_RETRY) < 0 ? pause.multipliedBy(2) : MAX_RETRY;
            }
        }
    }

    private void write(Pod base, Work work) {
        Pod now = base;
        while (true) {
            PodStatus status = work.status().apply(now.getStatus());
            if (status.equals(now.getStatus())) {
                work.done().complete(true);
                return;
            }
            try {
                saw(client.updateStatus(PODS, now.toBuilder().setStatus(status).build()));
                work.done().complete(true);
                return;
            } catch (ApiException e) {
                if (e.isNotFound()) {
                    work.done().complete(false);
                    return;
                }
                if (!e.isConflict()) {
                    throw e;
                }
                now = fresh();
                if (now == null) {
                    work.done().complete(false);
                    return;
                }
            }
        }
    }

    /** Null when this incarnation of the pod is gone. */
    private Pod fresh() {
        try {
            Pod pod = client.get(PODS, id.key());
            if (!pod.getMetadata().getUid().equals(id.uid())) {
                return null;
            }
            saw(pod);
            return pod;
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
    }

    /** Unless a newer one waits, or the server will never take it. */
    private synchronized boolean putBack(Work work, ApiException e) {
        if (next != null || (e.code() >= 400 && e.code() < 500 && e.code() != 429)) {
            work.done().complete(false);
            return false;
        }
        next = work;
        return true;
    }

    private boolean slept(Duration pause) {
        try {
            runtime.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static long version(Pod pod) {
        String text = pod.getMetadata().getResourceVersion();
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
