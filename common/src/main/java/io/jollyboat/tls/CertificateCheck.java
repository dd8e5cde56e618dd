package io.jollyboat.tls;

import io.jollyboat.tls.CertificateRequest.Usage;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;

/** Says why a stored certificate will not do any more. */
final class CertificateCheck {
    private CertificateCheck() {}

    /** Empty when the certificate still serves the request; else the reason why a new one is needed. */
    static Optional<String> whyRenew(
            X509Certificate certificate,
            PrivateKey key,
            CertificateRequest request,
            CertificateAuthority authority,
            Instant now) {
        if (!belongTogether(certificate.getPublicKey(), key)) {
            return Optional.of("its key is another one");
        }
        try {
            certificate.verify(authority.certificate().getPublicKey());
        } catch (GeneralSecurityException e) {
            return Optional.of("another authority signed it");
        }
        if (nearItsEnd(certificate, now)) {
            return Optional.of("it ends soon");
        }
        X500Name wanted = CertificateAuthority.name(request.commonName(), request.organizations());
        if (!wanted.equals(
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()))) {
            return Optional.of("it names another subject");
        }
        try {
            if (!names(certificate).containsAll(request.names())) {
                return Optional.of("names are missing in it");
            }
            List<String> usages = certificate.getExtendedKeyUsage();
            if (usages == null
                    || !usages.containsAll(
                            request.usages().stream().map(Usage::oid).toList())) {
                return Optional.of("it is for another usage");
            }
        } catch (CertificateParsingException e) {
            return Optional.of("it cannot be parsed");
        }
        return Optional.empty();
    }

    /** Less than a fifth of its life is left. */
    static boolean nearItsEnd(X509Certificate certificate, Instant now) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration life = Duration.between(certificate.getNotBefore().toInstant(), end);
        return now.isAfter(end.minus(life.dividedBy(5)));
    }

    /** Whether what the private key signs, the public key accepts. */
    static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) {
        if (!publicKey.getAlgorithm().equals(privateKey.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
        try {
            byte[] probe = "which pair".getBytes(StandardCharsets.US_ASCII);
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(privateKey);
            signer.update(probe);
            byte[] signature = signer.sign();
            signer.initVerify(publicKey);
            signer.update(probe);
            return signer.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Set<String> names(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> entries = certificate.getSubjectAlternativeNames();
        Set<String> names = new HashSet<>();
        if (entries != null) {
            entries.forEach(entry -> names.add(String.valueOf(entry.get(1))));
        }
        return names;
    }
}
