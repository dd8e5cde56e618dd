package io.jollyboat.apiserver;

import io.jollyboat.apiserver.storage.ForwardingStore;
import io.jollyboat.apiserver.storage.KeyValueStore;

/** A store that several servers use: it stays when one of them ends. */
final class SharedStore extends ForwardingStore {
    SharedStore(KeyValueStore store) {
        super(store);
    }

    @Override
    public void close() {
        // The others need it.
    }
}
