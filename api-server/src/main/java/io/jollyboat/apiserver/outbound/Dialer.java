package io.jollyboat.apiserver.outbound;

/** Says at the time of each new connection where it goes. */
@FunctionalInterface
public interface Dialer {
    /** Host, a name or an address, and port. */
    Address resolve() throws CallException;

    static Dialer to(String host, int port) {
        Address address = new Address(host, port);
        return () -> address;
    }
}
