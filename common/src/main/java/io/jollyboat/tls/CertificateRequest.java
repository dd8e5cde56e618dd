package io.jollyboat.tls;

import java.util.List;
import java.util.Set;

/**
 * What a certificate shall say.
 *
 * @param commonName the user, for a client
 * @param organizations the user's groups, for a client
 * @param names DNS names and IP addresses, for a server
 */
public record CertificateRequest(String commonName, List<String> organizations, List<String> names, Set<Usage> usages) {
    /** Extended key usages. */
    public enum Usage {
        CLIENT("1.3.6.1.5.5.7.3.2"),
        SERVER("1.3.6.1.5.5.7.3.1");

        private final String oid;

        Usage(String oid) {
            this.oid = oid;
        }

        public String oid() {
            return oid;
        }
    }

    /** A client that is the user, in the groups. */
    public static CertificateRequest client(String user, String... groups) {
        return new CertificateRequest(user, List.of(groups), List.of(), Set.of(Usage.CLIENT));
    }

    public static CertificateRequest server(String commonName, List<String> names) {
        return new CertificateRequest(commonName, List.of(), names, Set.of(Usage.SERVER));
    }
}
