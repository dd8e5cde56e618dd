/**
 * One attempt to place a pod, from the queue to the API server. The choice of a node happens on the scheduler's one
 * thread; waiting, binding and all other calls to the API server on threads of their own, many at once.
 */
package io.jollyboat.scheduler.cycle;
