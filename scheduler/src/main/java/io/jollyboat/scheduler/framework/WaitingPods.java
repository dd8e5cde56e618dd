package io.jollyboat.scheduler.framework;

/** The pods that Permit plugins made wait. Thread-safe. */
public interface WaitingPods {
    /** The plugin lets the pod go on; no effect when it does not wait for this plugin. */
    void allow(String podUid, String plugin);

    void reject(String podUid, String plugin, String reason);
}
