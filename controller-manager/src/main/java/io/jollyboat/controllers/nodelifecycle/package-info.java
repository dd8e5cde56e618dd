/**
 * Nodes that fall silent: their conditions become unknown, their pods not ready, they are tainted, and, at a bounded rate
 * and not while most of the cluster is down, tainted so that their pods are evicted.
 */
package io.jollyboat.controllers.nodelifecycle;
