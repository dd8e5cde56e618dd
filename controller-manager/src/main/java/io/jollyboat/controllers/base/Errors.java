package io.jollyboat.controllers.base;

import io.jollyboat.errors.ApiException;

/** What an API error means to a controller. */
public final class Errors {
    private Errors() {}

    /** Nothing can be created in the namespace any more; there is no use in trying again. */
    public static boolean isNamespaceTerminating(RuntimeException e) {
        return e instanceof ApiException api
                && api.status().getDetails().getCausesList().stream()
                        .anyMatch(cause -> cause.getReason().equals("NamespaceTerminating"));
    }

    public static boolean isNotFound(RuntimeException e) {
        return e instanceof ApiException api && api.isNotFound();
    }

    public static boolean isConflict(RuntimeException e) {
        return e instanceof ApiException api && api.isConflict();
    }

    public static boolean isInvalid(RuntimeException e) {
        return e instanceof ApiException api && api.code() == 422;
    }
}
