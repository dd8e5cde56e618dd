package io.jollyboat.apiserver.request;

/** The forms of a patch that clients send. */
public enum PatchKind {
    JSON,
    MERGE,
    STRATEGIC_MERGE,
    APPLY
}
