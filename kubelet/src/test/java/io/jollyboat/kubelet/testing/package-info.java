/** What the kubelet's tests stand on: hosts with containerd, tiny images, an API in memory. */
package io.jollyboat.kubelet.testing;
