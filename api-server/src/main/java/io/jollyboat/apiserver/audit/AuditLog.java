package io.jollyboat.apiserver.audit;

import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.remote.Kubeconfig;
import io.jollyboat.config.ConfigException;
import io.jollyboat.config.ConfigLoader;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The policy and the places that events are written to. Thread-safe. */
public final class AuditLog implements AutoCloseable {
    private final AuditPolicy policy;
    private final List<AuditSink> sinks;
    private final AuditMetrics metrics;
    private final Runtime runtime;

    AuditLog(AuditPolicy policy, List<AuditSink> sinks, AuditMetrics metrics, Runtime runtime) {
        this.metrics = metrics;
        this.policy = policy;
        this.sinks = List.copyOf(sinks);
        this.runtime = runtime;
    }

    /** @throws IllegalArgumentException when the policy cannot be used */
    public static AuditLog open(AuditConfig config, Metrics registry, Runtime runtime) {
        AuditMetrics metrics = new AuditMetrics(registry);
        AuditPolicy policy;
        try {
            policy = ConfigLoader.load(config.policyFile(), AuditPolicy.class);
        } catch (ConfigException e) {
            throw new IllegalArgumentException("audit.policyFile: " + e.getMessage(), e);
        }
        List<AuditSink> sinks = new ArrayList<>();
        config.log().ifPresent(log -> sinks.add(new LogFileSink(log, metrics.lost("log"), runtime)));
        config.webhook()
                .ifPresent(webhook ->
                        sinks.add(new WebhookSink(webhook, server(webhook), metrics.lost("webhook"), runtime)));
        return new AuditLog(policy, sinks, metrics, runtime);
    }

    private static Kubeconfig server(AuditConfig.Webhook webhook) {
        try {
            return Kubeconfig.read(webhook.configFile());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("audit.webhook.configFile: " + e.getMessage(), e);
        }
    }

    /** What is to be written of a request; null for nothing. */
    public RequestAudit begin(RequestAttributes attributes, RequestFacts facts) {
        AuditPolicy.Decision decision = policy.decide(attributes);
        metrics.decided(decision.level());
        return decision.level() == AuditLevel.NONE
                ? null
                : new RequestAudit(this, decision, attributes, facts, runtime.now());
    }

    java.time.Instant now() {
        return runtime.now();
    }

    void write(ObjectNode event) {
        metrics.written();
        sinks.forEach(sink -> sink.write(event));
    }

    @Override
    public void close() {
        sinks.forEach(AuditSink::close);
    }
}
