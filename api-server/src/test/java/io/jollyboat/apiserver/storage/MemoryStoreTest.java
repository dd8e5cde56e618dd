package io.jollyboat.apiserver.storage;

import io.jollyboat.runtime.SystemRuntime;

final class MemoryStoreTest extends KeyValueStoreContract {
    @Override
    KeyValueStore open() {
        return new MemoryStore(SystemRuntime.instance());
    }
}
