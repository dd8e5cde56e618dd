package io.jollyboat.process;

import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.util.function.Consumer;

/**
 * What a process hands to its composition root.
 *
 * @param fatal ends the process with exit code 1 and this one line, after closing what runs; for what no retry mends,
 *     such as a lost leadership
 */
public record ProcessContext(Runtime runtime, Metrics metrics, Consumer<String> fatal) {}
