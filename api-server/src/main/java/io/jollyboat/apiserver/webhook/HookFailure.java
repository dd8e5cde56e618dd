package io.jollyboat.apiserver.webhook;

/** A webhook could not be asked, or its answer makes no sense. What that means is for its failure policy to say. */
final class HookFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    HookFailure(String hook, String reason) {
        this(hook, reason, 500);
    }

    /** @param code of the failure, for those who count */
    HookFailure(String hook, String reason, int code) {
        super("failed calling webhook \"" + hook + "\": " + reason, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }
}
