package io.jollyboat.kubelet.env;

/** A container cannot be configured; the message is upstream's, shown with CreateContainerConfigError. */
public final class EnvironmentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public EnvironmentException(String message) {
        super(message);
    }
}
