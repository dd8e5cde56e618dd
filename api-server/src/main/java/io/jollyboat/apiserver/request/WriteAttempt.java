package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.request.StorageHook.Reservation;
import io.jollyboat.errors.ApiException;
import java.util.function.Supplier;

/** The state of a write across its attempts. */
final class WriteAttempt {
    private Reservation reservation;
    Message object;
    boolean endsDeletion;
    boolean creates;

    Message next(Supplier<Message> body) {
        release();
        creates = false;
        endsDeletion = false;
        return body.get();
    }

    void reserved(Reservation made) {
        reservation = made;
        object = made.object();
    }

    /** Writes, and keeps or gives back what was reserved, as the write ends. */
    <T> T carriedOut(Supplier<T> write) {
        T written;
        try {
            written = write.get();
        } catch (ApiException e) {
            if (!e.isOutcomeUnknown()) {
                release();
            }
            throw e;
        } catch (RuntimeException e) {
            release();
            throw e;
        }
        if (reservation != null) {
            reservation.commit();
        }
        return written;
    }

    private void release() {
        if (reservation != null) {
            reservation.release();
            reservation = null;
        }
    }
}
