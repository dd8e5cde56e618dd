package io.jollyboat.apiserver.policy;

/** A policy that could not be judged, as upstream words it. */
final class PolicyFailure extends Exception {
    private static final long serialVersionUID = 1;

    PolicyFailure(String message) {
        super(message, null, false, false);
    }
}
