package io.jollyboat.scheduler.framework;

import java.util.Optional;

/** Keeps pods out of the queue until they are ready for an attempt. */
public interface PreEnqueuePlugin extends Plugin {
    /** Empty when the pod may be tried, else why not. */
    Optional<String> gate(PodInfo pod);
}
