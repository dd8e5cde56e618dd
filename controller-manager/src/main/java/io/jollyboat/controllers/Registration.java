package io.jollyboat.controllers;

import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;

/**
 * A controller that the process has.
 *
 * @param name upstream's, by which it can be disabled
 * @param serviceAccount in kube-system, whose permissions it has; empty for those of the process
 * @param eventSource what its Events say of where they come from
 */
record Registration(String name, String serviceAccount, String eventSource, Factory factory) {
    /** Makes the controller; starts nothing. */
    @FunctionalInterface
    interface Factory {
        Controller create(ControllerContext context, Settings settings);
    }

    /** @param rootCa in PEM */
    record Settings(ControllerManagerConfig config, String rootCa) {}
}
