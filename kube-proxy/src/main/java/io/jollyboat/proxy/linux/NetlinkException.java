package io.jollyboat.proxy.linux;

import java.io.IOException;

/** The kernel refused a request. */
final class NetlinkException extends IOException {
    private static final long serialVersionUID = 1;

    static final int NOT_PERMITTED = 1;
    static final int NO_ENTRY = 2;
    static final int NO_PROCESS = 3;
    static final int EXISTS = 17;
    static final int NO_DEVICE = 19;

    private final int errno;

    NetlinkException(String request, int errno) {
        super(request + " failed: " + describe(errno));
        this.errno = errno;
    }

    private static String describe(int errno) {
        return switch (errno) {
            case NOT_PERMITTED -> "operation not permitted";
            case NO_ENTRY, NO_PROCESS -> "no such entry";
            case EXISTS -> "it exists";
            case NO_DEVICE -> "no such device";
            case 22 -> "invalid argument";
            case 101 -> "network is unreachable";
            default -> "errno " + errno;
        };
    }

    int errno() {
        return errno;
    }
}
