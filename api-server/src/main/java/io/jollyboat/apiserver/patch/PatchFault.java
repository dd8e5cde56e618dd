package io.jollyboat.apiserver.patch;

/** A JSON patch that does not fit its document, in upstream's words. */
public final class PatchFault extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean test;

    PatchFault(String message, boolean test) {
        super(message, null, false, false);
        this.test = test;
    }

    /** Whether a test of the patch said no. */
    public boolean isFailedTest() {
        return test;
    }
}
