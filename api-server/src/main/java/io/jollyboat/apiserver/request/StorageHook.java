package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;

/** Takes and gives back what an object holds beside its own record, such as a Service its addresses. */
public interface StorageHook {
    /** Completes the object and reserves what it needs; nothing is reserved by a dry run. */
    Reservation onCreate(Message object, boolean dryRun);

    Reservation onUpdate(Message object, Message old, boolean dryRun);

    /** The object is gone. */
    void onDeleted(Message object);

    /**
     * What was reserved for a write that is still to happen. One of the two is called, or none where nobody knows whether
     * it has happened: then what was reserved stays so, until somebody finds that nothing holds it.
     */
    interface Reservation {
        /** The completed object. */
        Message object();

        /** The write has happened. */
        void commit();

        /** The write has not happened. */
        void release();
    }

    /** For kinds that hold nothing. */
    StorageHook NONE = new StorageHook() {
        @Override
        public Reservation onCreate(Message object, boolean dryRun) {
            return nothing(object);
        }

        @Override
        public Reservation onUpdate(Message object, Message old, boolean dryRun) {
            return nothing(object);
        }

        @Override
        public void onDeleted(Message object) {}
    };

    /** A reservation of nothing. */
    static Reservation nothing(Message object) {
        return new Reservation() {
            @Override
            public Message object() {
                return object;
            }

            @Override
            public void commit() {}

            @Override
            public void release() {}
        };
    }
}
