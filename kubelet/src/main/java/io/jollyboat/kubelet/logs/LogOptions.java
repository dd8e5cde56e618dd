package io.jollyboat.kubelet.logs;

import java.time.Instant;

/**
 * What of a log is asked for.
 *
 * @param tailLines -1 for all
 * @param limitBytes -1 for all
 * @param since null for all
 */
public record LogOptions(
        boolean follow, long tailLines, long limitBytes, Instant since, boolean timestamps, boolean out, boolean err) {}
