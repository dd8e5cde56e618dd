package io.jollyboat.controller;

import io.jollyboat.kinds.ObjectKey;

/** Brings the world one step closer to what the object of the key asks for. The key carries no event. */
@FunctionalInterface
public interface Reconciler {
    /** Never called twice at once for one key. */
    Outcome reconcile(ObjectKey key) throws Exception;
}
