package io.jollyboat.apiserver.authn;

import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.tls.Pem;
import io.jollyboat.tls.Subjects;
import io.jollyboat.tls.TlsException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * Makes a client certificate's common name the user and its organizations the groups, as upstream. The chain is verified
 * here, whatever TLS did with it: signature up to a client authority, time, and the usage for clients.
 */
final class ClientCertAuthenticator {
    private static final int CACHE_LIMIT = 4096;
    private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final ASN1ObjectIdentifier UID = new ASN1ObjectIdentifier("1.3.6.1.4.1.57683.2");

    private final Set<TrustAnchor> anchors;
    private final Runtime runtime;
    private final Map<List<X509Certificate>, Verified> verified = new ConcurrentHashMap<>();

    ClientCertAuthenticator(Path authorities, Runtime runtime) {
        this.anchors = Pem.certificates(authorities).stream()
                .map(certificate -> new TrustAnchor(certificate, null))
                .collect(Collectors.toUnmodifiableSet());
        this.runtime = runtime;
    }

    /** @return empty when the chain is, or names nobody */
    Optional<UserInfo> authenticate(List<X509Certificate> chain) throws Unauthenticated {
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        Instant now = runtime.now();
        Verified known = verified.get(chain);
        if (known == null) {
            known = verify(chain, now);
            if (verified.size() >= CACHE_LIMIT) {
                verified.clear();
            }
            verified.put(List.copyOf(chain), known);
        }
        if (now.isAfter(known.notAfter)) {
            throw new Unauthenticated("x509: certificate has expired: it ended on " + known.notAfter);
        }
        return known.user;
    }

    private Verified verify(List<X509Certificate> chain, Instant now) throws Unauthenticated {
        X509Certificate leaf = chain.getFirst();
        requireClientUsage(leaf);
        validate(chain, now);
        Instant notAfter = chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
        try {
            return new Verified(user(leaf), notAfter);
        } catch (TlsException e) {
            throw new Unauthenticated("x509: " + e.getMessage());
        }
    }

    private static void requireClientUsage(X509Certificate leaf) throws Unauthenticated {
        try {
            List<String> usages = leaf.getExtendedKeyUsage();
            if (usages != null && !usages.contains(CLIENT_USAGE) && !usages.contains(ANY_USAGE)) {
                throw new Unauthenticated("x509: certificate specifies an incompatible key usage");
            }
        } catch (GeneralSecurityException e) {
            throw new Unauthenticated("x509: malformed key usage: " + e.getMessage());
        }
    }

    private void validate(List<X509Certificate> chain, Instant now) throws Unauthenticated {
        try {
            List<X509Certificate> path = new ArrayList<>(chain);
            // An authority sent along is known already.
            path.removeIf(certificate ->
                    anchors.stream().anyMatch(anchor -> anchor.getTrustedCert().equals(certificate)));
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        } catch (CertPathValidatorException e) {
            throw new Unauthenticated("x509: " + e.getMessage());
        } catch (GeneralSecurityException e) {
            throw new Unauthenticated("x509: cannot be verified: " + e.getMessage());
        }
    }

    private static Optional<UserInfo> user(X509Certificate leaf) throws Unauthenticated {
        X500Name subject = X500Name.getInstance(leaf.getSubjectX500Principal().getEncoded());
        List<String> names = Subjects.values(subject, BCStyle.CN);
        if (names.isEmpty() || names.getLast().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new UserInfo(
                names.getLast(),
                uid(subject),
                List.copyOf(Subjects.values(subject, BCStyle.O)),
                Map.of(CredentialIds.EXTRA_KEY, List.of("X509SHA256=" + fingerprint(leaf)))));
    }

    private static String uid(X500Name subject) throws Unauthenticated {
        List<String> uids = Subjects.values(subject, UID);
        if (uids.size() > 1) {
            throw new Unauthenticated("expected 1 UID, but found multiple: " + uids);
        }
        if (uids.size() == 1 && uids.getFirst().isEmpty()) {
            throw new Unauthenticated("UID cannot be an empty string");
        }
        return uids.isEmpty() ? "" : uids.getFirst();
    }

    private static String fingerprint(X509Certificate leaf) throws Unauthenticated {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new Unauthenticated("x509: no fingerprint: " + e.getMessage());
        }
    }

    private record Verified(Optional<UserInfo> user, Instant notAfter) {}
}
