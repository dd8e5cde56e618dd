package io.jollyboat.kubelet.cri;

/** The labels and annotations that upstream puts on sandboxes and containers; tools read them, and so do we. */
public final class CriLabels {
    public static final String POD_NAME = "io.kubernetes.pod.name";
    public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    public static final String POD_UID = "io.kubernetes.pod.uid";
    public static final String CONTAINER_NAME = "io.kubernetes.container.name";
    public static final String CONTAINER_HASH = "io.kubernetes.container.hash";
    public static final String RESTART_COUNT = "io.kubernetes.container.restartCount";
    public static final String TERMINATION_MESSAGE_PATH = "io.kubernetes.container.terminationMessagePath";
    public static final String TERMINATION_MESSAGE_POLICY = "io.kubernetes.container.terminationMessagePolicy";
    public static final String POD_GRACE_PERIOD = "io.kubernetes.pod.terminationGracePeriod";
    public static final String CONFIG_SEEN = "kubernetes.io/config.seen";
    public static final String CONFIG_SOURCE = "kubernetes.io/config.source";

    private CriLabels() {}
}
