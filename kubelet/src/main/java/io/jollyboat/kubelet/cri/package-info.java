/**
 * The container runtime as the kubelet sees it: the CRI as an interface, over gRPC to containerd or CRI-O, or simulated.
 * Calls block the (virtual) thread and throw {@link io.jollyboat.kubelet.cri.CriException}. All types are thread-safe.
 */
package io.jollyboat.kubelet.cri;
