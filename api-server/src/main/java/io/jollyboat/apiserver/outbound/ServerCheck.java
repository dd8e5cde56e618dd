package io.jollyboat.apiserver.outbound;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Checks one server's certificate, by the rules and in the words of Go's: its alternative names alone count. */
final class ServerCheck extends X509ExtendedTrustManager {
    private static final int DNS = 2;
    private static final int IP = 7;

    private final Optional<X509TrustManager> authorities;
    private final String name;
    private final InstantSource clock;

    ServerCheck(Optional<X509TrustManager> authorities, String name, InstantSource clock) {
        this.authorities = authorities;
        this.name = name;
        this.clock = clock;
    }

    private void check(X509Certificate[] chain, String algorithm) throws CertificateException {
        if (authorities.isEmpty()) {
            return;
        }
        X509Certificate leaf = chain[0];
        Instant now = clock.instant();
        String time = " current time " + now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        if (now.isAfter(leaf.getNotAfter().toInstant())) {
            throw refused("certificate has expired or is not yet valid:" + time + " is after "
                    + leaf.getNotAfter().toInstant());
        }
        if (now.isBefore(leaf.getNotBefore().toInstant())) {
            throw refused("certificate has expired or is not yet valid:" + time + " is before "
                    + leaf.getNotBefore().toInstant());
        }
        checkName(leaf);
        try {
            authorities.get().checkServerTrusted(chain, algorithm);
        } catch (CertificateException e) {
            throw refused("certificate signed by unknown authority");
        }
    }

    private void checkName(X509Certificate leaf) throws CertificateException {
        List<String> dns = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        names(leaf, dns, addresses);
        String wanted = name.toLowerCase(Locale.ROOT);
        if (isAddress(wanted)) {
            if (addresses.stream().noneMatch(address -> same(address, wanted))) {
                throw refused(
                        addresses.isEmpty()
                                ? "cannot validate certificate for " + name + " because it doesn't contain any IP SANs"
                                : "certificate is valid for " + String.join(", ", addresses) + ", not " + name);
            }
            return;
        }
        if (dns.stream().anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), wanted))) {
            return;
        }
        if (dns.isEmpty()
                && addresses.isEmpty()
                && leaf.getSubjectX500Principal().getName().contains("CN=")) {
            throw refused("certificate relies on legacy Common Name field, use SANs instead");
        }
        throw refused(
                dns.isEmpty()
                        ? "certificate is not valid for any names, but wanted to match " + name
                        : "certificate is valid for " + String.join(", ", dns) + ", not " + name);
    }

    private static void names(X509Certificate leaf, List<String> dns, List<String> addresses) {
        try {
            Collection<List<?>> all = leaf.getSubjectAlternativeNames();
            if (all == null) {
                return;
            }
            for (List<?> one : all) {
                if (one.get(0).equals(DNS)) {
                    dns.add(String.valueOf(one.get(1)));
                } else if (one.get(0).equals(IP)) {
                    addresses.add(String.valueOf(one.get(1)));
                }
            }
        } catch (CertificateParsingException e) {
            // As one without names.
            dns.clear();
            addresses.clear();
        }
    }

    private static boolean isAddress(String text) {
        return text.indexOf(':') >= 0 || text.matches("[0-9]+(\\.[0-9]+){3}");
    }

    private static boolean same(String address, String wanted) {
        // No lookup: both are addresses.
        return java.net.InetAddress.ofLiteral(address).equals(java.net.InetAddress.ofLiteral(wanted));
    }

    private static boolean matches(String pattern, String wanted) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(wanted);
        }
        int dot = wanted.indexOf('.');
        return dot > 0 && wanted.substring(dot).equals(pattern.substring(1));
    }

    private static CertificateException refused(String why) {
        return new CertificateException("tls: failed to verify certificate: x509: " + why);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String algorithm) throws CertificateException {
        check(chain, algorithm);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String algorithm, Socket socket)
            throws CertificateException {
        check(chain, algorithm);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String algorithm, SSLEngine engine)
            throws CertificateException {
        check(chain, algorithm);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String algorithm) throws CertificateException {
        throw new CertificateException("no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String algorithm, Socket socket)
            throws CertificateException {
        throw new CertificateException("no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String algorithm, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
