/**
 * Counters and timings of a process, in Prometheus' text form. Components get a {@link io.jollyboat.metrics.Metrics}
 * and ask it for what they count; the same name gives the same metric, so that several components may share one JVM.
 */
package io.jollyboat.metrics;
