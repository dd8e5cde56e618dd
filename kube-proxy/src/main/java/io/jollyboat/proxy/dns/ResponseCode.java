package io.jollyboat.proxy.dns;

/** What became of a question. */
enum ResponseCode {
    OK(0),
    MALFORMED(1),
    SERVER_FAILURE(2),
    NO_SUCH_NAME(3),
    NOT_IMPLEMENTED(4),
    REFUSED(5),
    BAD_VERSION(16);

    private final int number;

    ResponseCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
