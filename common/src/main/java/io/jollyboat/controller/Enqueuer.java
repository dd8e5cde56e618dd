package io.jollyboat.controller;

import io.jollyboat.kinds.ObjectKey;
import java.time.Duration;

/** The door into a loop's queue, for a controller's informer handlers. Never blocks. */
public interface Enqueuer {
    void add(ObjectKey key);

    void addAfter(ObjectKey key, Duration delay);
}
