package io.jollyboat.kubelet.streams;

import java.io.IOException;
import java.io.Serial;

/** The runtime's streaming server cannot be reached; nothing was said to the client yet. */
public final class UnreachableException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    UnreachableException(IOException cause) {
        super("cannot reach the container runtime's streaming server: " + cause.getMessage(), cause);
    }
}
