package io.jollyboat.apiserver.patch;

/** How a patch is to be read. */
public enum PatchForm {
    JSON,
    MERGE,
    STRATEGIC_MERGE
}
