package io.jollyboat.apiserver.webhook;

/** A webhook could not be asked, or its answer makes no sense. What that means is for its failure policy to say. */
final class HookFailure extends Exception {
    private static final long serialVersionUID = 1;

    HookFailure(String hook, String reason) {
        super("failed calling webhook \"" + hook + "\": " + reason, null, false, false);
    }
}
