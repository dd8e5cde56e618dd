package io.jollyboat.apiserver.audit;

import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Posts lists of events, from a thread of its own. What comes while too many wait is lost, and counted in the log. */
final class WebhookSink implements AuditSink {
    private static final Log LOG = Log.of(WebhookSink.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX_WAITING = 10_000;
    private static final int ATTEMPTS = 4;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final AuditConfig.Webhook config;
    private final Runtime runtime;
    private final HttpClient client;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ObjectNode> waiting = new ArrayDeque<>();
    private final Thread sender;
    private long lost;
    private boolean closed;

    WebhookSink(AuditConfig.Webhook config, SSLContext tls, Runtime runtime) {
        this.config = config;
        this.runtime = runtime;
        this.client =
                HttpClient.newBuilder().sslContext(tls).connectTimeout(TIMEOUT).build();
        this.sender = runtime.start("audit webhook", this::send);
    }

    @Override
    public void write(ObjectNode event) {
        lock.lock();
        try {
            if (waiting.size() >= MAX_WAITING) {
                lost++;
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
                LOG.error("audit events were lost", "url", config.url(), "events", lost);
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
        HttpRequest request = HttpRequest.newBuilder(URI.create(config.url()))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(list)))
                .build();
        String reason = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                int code = client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (code / 100 == 2) {
                    return;
                }
                reason = "status " + code;
                if (code < 500 && code != 429) {
                    break;
                }
            } catch (IOException e) {
                reason = e.toString();
            }
            runtime.sleep(PAUSE.multipliedBy(1L << attempt));
        }
        LOG.error("audit events were lost", "url", config.url(), "events", events.size(), "reason", reason);
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
        client.shutdownNow();
    }
}
