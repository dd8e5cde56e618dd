package io.jollyboat.scheduler.cycle;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.errors.ApiException;
import io.jollyboat.events.EventType;
import io.jollyboat.events.References;
import io.jollyboat.events.SeriesEventRecorder;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.Runtime.Timer;
import io.jollyboat.scheduler.framework.BindPlugin;
import io.jollyboat.scheduler.framework.CycleState;
import io.jollyboat.scheduler.framework.PermitResult;
import io.jollyboat.scheduler.framework.PostBindPlugin;
import io.jollyboat.scheduler.framework.PreBindPlugin;
import io.jollyboat.scheduler.framework.Profile;
import io.jollyboat.scheduler.framework.WaitingPods;
import io.jollyboat.scheduler.queue.QueuedPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Brings pods with a place to the API server, each on a thread of its own. */
final class Binder implements WaitingPods {
    private static final Log LOG = Log.of(Binder.class);
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);

    private final List<PreBindPlugin> preBinders;
    private final List<BindPlugin> binders;
    private final List<PostBindPlugin> postBinders;
    private final SeriesEventRecorder events;
    private final Runtime runtime;
    private final BooleanSupplier mayBind;
    private final Consumer<Message> outcome;
    private final Map<String, Map<String, CompletableFuture<Optional<String>>>> waiting = new ConcurrentHashMap<>();

    Binder(
            Profile profile,
            SeriesEventRecorder events,
            Runtime runtime,
            BooleanSupplier mayBind,
            Consumer<Message> outcome) {
        this.preBinders = profile.at(PreBindPlugin.class);
        this.binders = profile.at(BindPlugin.class);
        this.postBinders = profile.at(PostBindPlugin.class);
        this.events = events;
        this.runtime = runtime;
        this.mayBind = mayBind;
        this.outcome = outcome;
    }

    /** @param waits of Permit plugins, by their names */
    void bind(QueuedPod pod, CycleState state, String nodeName, Map<String, PermitResult.Wait> waits) {
        if (!waits.isEmpty()) {
            Map<String, CompletableFuture<Optional<String>>> futures = new ConcurrentHashMap<>();
            waits.keySet().forEach(plugin -> futures.put(plugin, new CompletableFuture<>()));
            waiting.put(pod.pod().uid(), futures);
        }
        runtime.start("bind " + pod.pod(), () -> run(pod, state, nodeName, waits));
    }

    @Override
    public void allow(String podUid, String plugin) {
        complete(podUid, plugin, Optional.empty());
    }

    @Override
    public void reject(String podUid, String plugin, String reason) {
        complete(podUid, plugin, Optional.of(reason));
    }

    /** The pod is gone: it need not wait. */
    void drop(String podUid) {
        Map<String, CompletableFuture<Optional<String>>> futures = waiting.get(podUid);
        if (futures != null) {
            futures.values().forEach(f -> f.complete(Optional.of("pod was deleted")));
        }
    }

    private void complete(String podUid, String plugin, Optional<String> rejection) {
        Map<String, CompletableFuture<Optional<String>>> futures = waiting.getOrDefault(podUid, Map.of());
        CompletableFuture<Optional<String>> future = futures.get(plugin);
        if (future != null) {
            future.complete(rejection);
        }
    }

    private void run(QueuedPod pod, CycleState state, String nodeName, Map<String, PermitResult.Wait> waits) {
        try {
            for (Map.Entry<String, PermitResult.Wait> wait : waits.entrySet()) {
                Optional<String> rejection = await(pod, wait.getKey(), wait.getValue());
                if (rejection.isPresent()) {
                    outcome.accept(new Message.NotBound(pod, state, nodeName, wait.getKey(), rejection.get()));
                    return;
                }
            }
            bindNow(pod, state, nodeName);
            outcome.accept(new Message.Bound(pod, nodeName));
        } catch (ApiException e) {
            outcome.accept(new Message.NotBound(pod, state, nodeName, null, "binding rejected: " + e.getMessage()));
        } catch (Exception e) {
            LOG.error("binding failed", e, "key", pod.pod().key(), "node", nodeName);
            outcome.accept(new Message.NotBound(pod, state, nodeName, null, "binding failed: " + e));
        } finally {
            waiting.remove(pod.pod().uid());
        }
    }

    /** Why the pod must not be bound, if it must not. */
    private Optional<String> await(QueuedPod pod, String plugin, PermitResult.Wait wait)
            throws InterruptedException, ExecutionException {
        CompletableFuture<Optional<String>> future =
                waiting.get(pod.pod().uid()).get(plugin);
        Timer timer = runtime.schedule(
                wait.timeout(),
                () -> future.complete(Optional.of(
                        "rejected due to timeout after waiting " + wait.timeout() + " at plugin " + plugin)));
        try {
            return future.get();
        } finally {
            timer.cancel();
        }
    }

    private void bindNow(QueuedPod pod, CycleState state, String nodeName) throws Exception {
        for (PreBindPlugin plugin : preBinders) {
            plugin.preBind(state, pod.pod(), nodeName);
        }
        if (!mayBind.getAsBoolean()) {
            throw ApiException.of(503, "ServiceUnavailable", "this scheduler does not lead any more");
        }
        List<String> passed = new ArrayList<>();
        for (BindPlugin plugin : binders) {
            if (plugin.bind(state, pod.pod(), nodeName)) {
                String note = "Successfully assigned " + pod.pod() + " to " + nodeName;
                events.record(References.to(PODS, pod.pod().pod()), EventType.NORMAL, "Scheduled", "Binding", note);
                postBinders.forEach(p -> p.postBind(state, pod.pod(), nodeName));
                return;
            }
            passed.add(plugin.name());
        }
        throw new IllegalStateException("no plugin binds, asked were " + passed);
    }
}
