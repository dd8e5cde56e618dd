package io.jollyboat.apiserver.audit;

import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.remote.Kubeconfig;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Posts lists of events, from a thread of its own. What comes while too many wait is lost, and counted in the log. */
final class WebhookSink implements AuditSink {
    private static final Log LOG = Log.of(WebhookSink.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX_WAITING = 10_000;
    private static final int ATTEMPTS = 5;
    private static final double FACTOR = 1.5;
    private static final double JITTER = 0.2;
    private static final int MAX_ANSWER = 1024 * 1024;

    private final AuditConfig.Webhook config;
    private final Runtime runtime;
    private final Kubeconfig server;
    private final HttpCaller calls;
    private final CounterDataPoint lostEvents;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ObjectNode> waiting = new ArrayDeque<>();
    private final Thread sender;
    private long lost;
    private boolean closed;

    WebhookSink(AuditConfig.Webhook config, Kubeconfig server, CounterDataPoint lostEvents, Runtime runtime) {
        this.lostEvents = lostEvents;
        this.config = config;
        this.runtime = runtime;
        this.server = server;
        this.calls = new HttpCaller(runtime);
        this.sender = runtime.start("audit webhook", this::send);
    }

    @Override
    public void write(ObjectNode event) {
        lock.lock();
        try {
            if (waiting.size() >= MAX_WAITING) {
                lost++;
                lostEvents.inc();
                return;
            }
            waiting.addLast(event);
            if (waiting.size() == 1 || waiting.size() >= config.maxEvents()) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void send() {
        try {
            for (List<ObjectNode> events = take(); !events.isEmpty(); events = take()) {
                post(events);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty when there will be no more. */
    private List<ObjectNode> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.await();
            }
            long left = config.maxWait().toNanos();
            while (waiting.size() < config.maxEvents() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (lost > 0) {
                LOG.error("audit events were lost", "url", url(), "events", lost);
                lost = 0;
            }
            List<ObjectNode> events = new ArrayList<>();
            while (!waiting.isEmpty() && events.size() < config.maxEvents()) {
                events.add(waiting.removeFirst());
            }
            return events;
        } finally {
            lock.unlock();
        }
    }

    private void post(List<ObjectNode> events) throws InterruptedException {
        ObjectNode list = JSON.createObjectNode().put("kind", "EventList").put("apiVersion", "audit.k8s.io/v1");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        events.forEach(event -> {
            ObjectNode item = event.deepCopy();
            item.remove(List.of("kind", "apiVersion"));
            items.add(item);
        });
        byte[] body = JSON.writeValueAsBytes(list);
        String reason = "";
        double pause = config.initialBackoff().toNanos();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (attempt > 1) {
                double jittered = pause * (1 + JITTER * runtime.random().nextDouble());
                runtime.sleep(Duration.ofNanos((long) jittered));
                pause *= FACTOR;
            }
            reason = attempt(body);
            if (reason.isEmpty()) {
                return;
            }
        }
        lostEvents.inc(events.size());
        LOG.error("audit events were lost", "url", url(), "events", events.size(), "reason", reason);
    }

    /** Empty where the server took it. Whatever it says else may be over by the next attempt, as upstream has it. */
    private String attempt(byte[] body) throws InterruptedException {
        try {
            List<Map.Entry<String, String>> headers = new ArrayList<>(server.headers());
            headers.add(Map.entry("Content-Type", "application/json"));
            headers.add(Map.entry("User-Agent", "kube-apiserver"));
            int code = calls.call(server.peer(), "POST", server.path(), headers, body, config.timeout(), MAX_ANSWER)
                    .head()
                    .code();
            return code / 100 == 2 ? "" : "status " + code;
        } catch (CallException | RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String url() {
        return server.peer().url(server.path());
    }

    /** Sends what waits, for a while. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!sender.join(Duration.ofSeconds(2))) {
                sender.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        calls.close();
    }
}
