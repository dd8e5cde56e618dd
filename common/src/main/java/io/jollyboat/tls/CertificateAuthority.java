package io.jollyboat.tls;

import io.jollyboat.tls.CertificateRequest.Usage;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A key that signs certificates. Immutable, thread-safe. */
public final class CertificateAuthority {
    /** Certificates begin this long before now, for clocks that run behind. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final SecureRandom SERIALS = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;

    public CertificateAuthority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** A new authority that signed itself. */
    public static CertificateAuthority create(String commonName, Instant now, Duration lifetime) {
        KeyPair pair = newKeyPair();
        X500Name name = name(commonName, List.of());
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name, serial(), start(now), Date.from(now.plus(lifetime)), name, pair.getPublic());
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            int usage = KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign;
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage))
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            identifiers.createSubjectKeyIdentifier(pair.getPublic()))
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(new GeneralName(GeneralName.dNSName, commonName)));
            return new CertificateAuthority(sign(builder, pair.getPrivate()), pair.getPrivate());
        } catch (CertIOException | GeneralSecurityException e) {
            throw new TlsException("certificate authority " + commonName + " cannot be made", e);
        }
    }

    /** Reads certificate and key; TlsException names the file that cannot be used. */
    public static CertificateAuthority load(Path certificateFile, Path keyFile) {
        X509Certificate certificate = Pem.certificates(certificateFile).getFirst();
        PrivateKey key = Pem.privateKey(keyFile);
        if (!CertificateCheck.belongTogether(certificate.getPublicKey(), key)) {
            throw new TlsException(keyFile + ": not the key of " + certificateFile);
        }
        return new CertificateAuthority(certificate, key);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    /** A certificate for the key; it does not outlive the authority's own. */
    public X509Certificate sign(CertificateRequest request, PublicKey subjectKey, Instant now, Duration lifetime) {
        X500Name subject = name(request.commonName(), request.organizations());
        Instant own = certificate.getNotAfter().toInstant();
        Date notAfter = Date.from(now.plus(lifetime).isAfter(own) ? own : now.plus(lifetime));
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                    serial(),
                    start(now),
                    notAfter,
                    subject,
                    subjectKey);
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(
                            Extension.keyUsage,
                            true,
                            new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment))
                    .addExtension(Extension.extendedKeyUsage, false, usages(request))
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            identifiers.createAuthorityKeyIdentifier(certificate.getPublicKey()));
            if (!request.names().isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(request.names()));
            }
            return sign(builder, key);
        } catch (CertIOException | GeneralSecurityException e) {
            throw new TlsException("certificate of " + request.commonName() + " cannot be made", e);
        }
    }

    /** An EC P-256 pair: as strong as needed, and a hundred times faster to make than RSA. */
    public static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new TlsException("this JDK makes no EC keys", e);
        }
    }

    /** For clients that cannot read an EC key. */
    static KeyPair newRsaKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new TlsException("this JDK makes no RSA keys", e);
        }
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    static X500Name name(String commonName, List<String> organizations) {
        X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
        organizations.forEach(organization -> name.addRDN(BCStyle.O, organization));
        return name.addRDN(BCStyle.CN, commonName).build();
    }

    static GeneralNames alternativeNames(List<String> names) {
        List<GeneralName> all = new ArrayList<>();
        for (String name : names) {
            all.add(new GeneralName(isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name));
        }
        return new GeneralNames(all.toArray(new GeneralName[0]));
    }

    private static boolean isAddress(String name) {
        try {
            InetAddress.ofLiteral(name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ExtendedKeyUsage usages(CertificateRequest request) {
        return new ExtendedKeyUsage(request.usages().stream()
                .sorted()
                .map(Usage::oid)
                .map(oid -> KeyPurposeId.getInstance(new ASN1ObjectIdentifier(oid)))
                .toArray(KeyPurposeId[]::new));
    }

    private static BigInteger serial() {
        return new BigInteger(127, SERIALS).add(BigInteger.ONE);
    }

    private static Date start(Instant now) {
        return Date.from(now.minus(SKEW));
    }
}
