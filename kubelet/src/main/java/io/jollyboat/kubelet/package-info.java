/**
 * The kubelet: pods on one host. {@link io.jollyboat.kubelet.Kubelet} puts the parts together; no part knows it. Each
 * pod has a loop of its own ({@link io.jollyboat.kubelet.pod}).
 */
package io.jollyboat.kubelet;
