package io.jollyboat.tls;

/** A key, certificate or kubeconfig that cannot be used; the message names the file. */
public final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TlsException(String message) {
        super(message);
    }

    public TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
