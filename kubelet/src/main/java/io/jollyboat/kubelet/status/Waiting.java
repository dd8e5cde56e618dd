package io.jollyboat.kubelet.status;

/** Why a container is not there: upstream's reason, such as ImagePullBackOff, and its message. */
public record Waiting(String reason, String message) {}
