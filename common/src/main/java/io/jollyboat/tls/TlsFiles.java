package io.jollyboat.tls;

import java.nio.file.Path;

/**
 * The PEM files of one end of a connection.
 *
 * @param certificate own chain, leaf first; null when this end shows no certificate
 * @param key the chain's private key, may be in the same file; null without a certificate
 * @param authorities the certificates of those whose signature on the other end's certificate counts; null trusts nobody
 */
public record TlsFiles(Path certificate, Path key, Path authorities) {
    public TlsFiles {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate and its key come together");
        }
    }

    /** For a client that shows no certificate. */
    public static TlsFiles trusting(Path authorities) {
        return new TlsFiles(null, null, authorities);
    }

    public TlsFiles withAuthorities(Path others) {
        return new TlsFiles(certificate, key, others);
    }
}
