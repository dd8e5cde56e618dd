package io.jollyboat.apiserver.outbound;

/** A host, by name or address, and a port. */
public record Address(String host, int port) {
    /** As in a URL. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
