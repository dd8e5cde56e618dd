/**
 * Measures any Kubernetes API server, and what stands behind it. The tool's own threads are few: load comes from one
 * event loop, so that it takes as little as possible of the machine it shares with what it measures.
 */
package io.jollyboat.bench;
