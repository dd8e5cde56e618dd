package io.jollyboat.kubelet.probes;

/** @param output shown in the event of a failure */
record ProbeResult(boolean success, String output) {
    static final ProbeResult SUCCESS = new ProbeResult(true, "");

    static ProbeResult failure(String output) {
        return new ProbeResult(false, output);
    }
}
