/** One pod as the kubelet's parts see it: what is read out of its spec, and what the container runtime holds of it. Immutable. */
package io.jollyboat.kubelet.model;
