package io.jollyboat.kubelet.cri;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** A call to the container runtime failed. */
public final class CriException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Status.Code code;

    public CriException(Status.Code code, String message) {
        super(message);
        this.code = code;
    }

    static CriException of(StatusRuntimeException e) {
        String description = e.getStatus().getDescription();
        String text =
                description != null ? description : e.getStatus().getCode().name();
        if (e.getStatus().getCode() == Status.Code.UNAVAILABLE && e.getCause() != null) {
            text = text + ": " + e.getCause().getMessage();
        }
        return new CriException(e.getStatus().getCode(), text);
    }

    public Status.Code code() {
        return code;
    }

    public boolean isNotFound() {
        return code == Status.Code.NOT_FOUND;
    }

    /** The runtime cannot be reached: the call may be made again later. */
    public boolean isUnavailable() {
        return code == Status.Code.UNAVAILABLE;
    }

    /** The failure as Go's gRPC prints it, which is what upstream's events show of it. */
    public String rpcText() {
        return "rpc error: code = " + goName() + " desc = " + getMessage();
    }

    private String goName() {
        StringBuilder name = new StringBuilder();
        for (String word : code.name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return code == Status.Code.CANCELLED ? "Canceled" : name.toString();
    }
}
