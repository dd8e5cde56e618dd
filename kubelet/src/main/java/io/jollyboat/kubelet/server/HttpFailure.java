package io.jollyboat.kubelet.server;

/** The request is answered with this status and plain text. */
final class HttpFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    HttpFailure(int status, String text) {
        super(text);
        this.status = status;
    }

    int status() {
        return status;
    }
}
