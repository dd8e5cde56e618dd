package io.jollyboat.apiserver.authn;

import io.jollyboat.metrics.Metrics;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;

/** Counts uses of service accounts' tokens by their kinds, under upstream's names. */
final class TokenUses {
    private final CounterDataPoint valid;
    private final CounterDataPoint stale;
    private final CounterDataPoint legacy;
    private final CounterDataPoint manual;
    private final CounterDataPoint automatic;
    private final CounterDataPoint invalid;

    TokenUses(Metrics metrics) {
        this.valid =
                counter(metrics, "valid_tokens", "Uses of tokens that should be renewed some time, and were not late.");
        this.stale = counter(metrics, "stale_tokens", "Uses of tokens that should have been renewed before.");
        this.legacy = counter(metrics, "legacy_tokens", "Uses of tokens in Secrets.");
        this.manual =
                counter(metrics, "legacy_manual_token_uses", "Uses of tokens in Secrets that somebody asked for.");
        this.automatic = counter(
                metrics, "legacy_auto_token_uses", "Uses of tokens in Secrets that were made for their accounts.");
        this.invalid = counter(
                metrics, "invalid_legacy_auto_token_uses", "Uses of tokens in Secrets that were marked as invalid.");
    }

    private static CounterDataPoint counter(Metrics metrics, String name, String help) {
        return metrics.counter("serviceaccount_" + name + "_total", help).labelValues();
    }

    void renewable(boolean late) {
        (late ? stale : valid).inc();
    }

    void legacy() {
        legacy.inc();
    }

    /** @param automatically made for its account, rather than asked for */
    void kept(boolean automatically) {
        (automatically ? automatic : manual).inc();
    }

    void invalidated() {
        invalid.inc();
    }
}
