/**
 * Composes the processes into one JVM: the same parts over the same TLS doors, on a store in memory, with simulated
 * nodes. For tests, for machines without root, and for training the processes' start-up cache.
 */
package io.jollyboat.embedded;
