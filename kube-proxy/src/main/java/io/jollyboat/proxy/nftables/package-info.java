/**
 * Service rules in nftables. Everything that grows with the number of Services is an element of a named map or set; the
 * chains depend only on how many targets there are. A change is one transaction. Not thread-safe: one thread drives a
 * backend.
 */
package io.jollyboat.proxy.nftables;
