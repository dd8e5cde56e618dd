package io.jollyboat.controllers.base;

import io.jollyboat.client.ApiClient;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.LoopConfig;
import io.jollyboat.controller.Reconciler;
import io.jollyboat.events.EventRecorder;
import io.jollyboat.informer.Informers;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;

/**
 * What a controller gets to work with.
 *
 * @param client under the controller's own identity
 * @param informers shared by all controllers of the process
 */
public record ControllerContext(
        ApiClient client, Informers informers, EventRecorder events, Runtime runtime, Metrics metrics) {

    public ControllerLoop loop(String name, int workers, Reconciler reconciler) {
        return new ControllerLoop(name, reconciler, LoopConfig.DEFAULT.withWorkers(workers), runtime, metrics);
    }
}
