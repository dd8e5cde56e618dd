/**
 * Volumes of pods on the host: made before the sandbox, kept up to date while the pod lives, removed after it. Upstream's
 * folder layout under {@code pods/<uid>/volumes}, its atomic updates and its messages.
 */
package io.jollyboat.kubelet.volumes;
