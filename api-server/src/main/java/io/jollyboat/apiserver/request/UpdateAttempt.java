package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.request.StorageHook.Reservation;

/** The state of an update across its attempts. */
final class UpdateAttempt {
    private Reservation reservation;
    Message object;
    boolean endsDeletion;
    boolean creates;

    Message next(java.util.function.Supplier<Message> body) {
        release();
        creates = false;
        endsDeletion = false;
        return body.get();
    }

    void reserved(Reservation made) {
        reservation = made;
    }

    void commit() {
        if (reservation != null) {
            reservation.commit();
            reservation = null;
        }
    }

    void release() {
        if (reservation != null) {
            reservation.release();
            reservation = null;
        }
    }
}
