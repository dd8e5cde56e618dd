/**
 * The watch cache and the write path. One watch on the whole store feeds all caches in revision order, so every cache
 * knows the revision it stands at; each cache is a persistent sorted map of immutable {@link
 * io.jollyboat.apiserver.cache.Entry entries} that lists and watches share. One thread at a time changes a cache;
 * readers take no lock. Knows storage; knows nothing of requests.
 */
package io.jollyboat.apiserver.cache;
