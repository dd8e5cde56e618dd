/** The registry of API kinds, derived from the descriptors' {@code (jollyboat.api.kind)} options. Immutable, thread-safe. */
package io.jollyboat.kinds;
