package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;

/**
 * Completes or refuses writes. Thread-safe. All plugins complete an object before any judges it; both may be called
 * again for one write when it met another.
 */
public interface AdmissionPlugin {
    /** Upstream's name of the plugin. */
    String name();

    /** The object as it should be stored; not called for deletions. ApiException refuses. */
    default Message mutate(AdmissionRequest request, Message object) {
        return object;
    }

    /** A deletion, at the time when other writes are completed. There is nothing to complete; ApiException refuses. */
    default void beforeDeletion(AdmissionRequest request) {}

    /**
     * ApiException refuses.
     *
     * @param object null for a deletion
     */
    default void validate(AdmissionRequest request, Message object) {}
}
