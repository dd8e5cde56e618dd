package io.jollyboat.apiserver.storage;

import com.google.protobuf.ByteString;

/** One change of one key. */
public sealed interface StoreEvent {
    ByteString key();

    /** The revision at which it happened. */
    long revision();

    record Put(KeyValue entry) implements StoreEvent {
        @Override
        public ByteString key() {
            return entry.key();
        }

        @Override
        public long revision() {
            return entry.modRevision();
        }
    }

    record Delete(ByteString key, long revision) implements StoreEvent {}
}
