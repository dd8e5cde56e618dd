/**
 * Keys and bytes: etcd's model as {@link io.jollyboat.apiserver.storage.KeyValueStore}, on real etcd or in memory, and
 * upstream's key layout. Asynchronous; nothing here knows what the bytes mean. Used by the cache package only, and by
 * allocators that keep a value of their own.
 */
package io.jollyboat.apiserver.storage;
