package io.jollyboat.apiserver.managed;

/** A configuration that cannot be laid over an object, in upstream's words. */
public final class MergeFault extends Exception {
    private static final long serialVersionUID = 1;

    MergeFault(String message) {
        super(message, null, false, false);
    }
}
