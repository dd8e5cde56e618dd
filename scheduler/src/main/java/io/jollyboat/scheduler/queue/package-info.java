/**
 * The pods that wait for a node: ready for an attempt, held back after one, or left alone until the cluster changes in a
 * way that may help them. Belongs to the scheduler's one thread.
 */
package io.jollyboat.scheduler.queue;
