package io.jollyboat.apiserver.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What is written of requests, and where.
 *
 * @param policyFile of kind {@code Policy} in {@code audit.k8s.io/v1}
 */
public record AuditConfig(Path policyFile, Optional<LogFile> log, Optional<Webhook> webhook) {
    public AuditConfig {
        if (log.isEmpty() && webhook.isEmpty()) {
            throw new IllegalArgumentException("log: it or webhook must be set, else nothing is written anywhere");
        }
    }

    /**
     * A file that is set aside when it is full.
     *
     * @param maxAgeDays how long files that were set aside are kept; 0 for ever
     * @param maxBackups how many of them are kept; 0 for all
     */
    public record LogFile(Path path, int maxSizeMegabytes, int maxAgeDays, int maxBackups) {
        public LogFile {
            if (maxSizeMegabytes < 1 || maxAgeDays < 0 || maxBackups < 0) {
                throw new IllegalArgumentException(
                        "maxSizeMegabytes: must be at least 1, and maxAgeDays and maxBackups not negative");
            }
        }

        static LogFile defaults() {
            return new LogFile(null, 100, 0, 0);
        }
    }

    /**
     * A server that lists of events are posted to.
     *
     * @param configFile a kubeconfig whose current context leads there
     * @param maxEvents in one list
     * @param maxWait before a list that is not full is sent
     * @param initialBackoff before a list that could not be sent is sent again; then half as long again, four times in all
     * @param timeout of each attempt
     */
    public record Webhook(Path configFile, int maxEvents, Duration maxWait, Duration initialBackoff, Duration timeout) {
        public Webhook {
            if (maxEvents < 1 || timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("maxEvents: must be at least 1, and timeout more than nothing");
            }
        }

        static Webhook defaults() {
            return new Webhook(null, 400, Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(30));
        }
    }
}
