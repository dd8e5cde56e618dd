package io.jollyboat.proxy.rules;

/** A transport protocol of a Service port. */
public enum Protocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /** As in the IP header. */
    public int number() {
        return number;
    }

    /** @param name as the API writes it; empty is TCP */
    static Protocol of(String name) {
        return name.isEmpty() ? TCP : valueOf(name);
    }
}
