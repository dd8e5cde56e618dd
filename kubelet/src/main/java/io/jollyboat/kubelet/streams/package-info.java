/**
 * Streams into pods in the forms that clients speak and runtimes do not: WebSocket {@code v5.channel.k8s.io} and SPDY
 * tunnelled in WebSocket messages, translated to SPDY/3.1. Blocking code, a virtual thread per direction. Used by the
 * kubelet's server only.
 */
package io.jollyboat.kubelet.streams;
