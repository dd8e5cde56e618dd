package io.jollyboat.kubelet.volumes;

/** A volume cannot be set up; the message is upstream's, after {@code MountVolume.SetUp failed for volume "…" : }. */
public final class VolumeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public VolumeException(String message) {
        super(message);
    }

    VolumeException(String message, Throwable cause) {
        super(message, cause);
    }
}
