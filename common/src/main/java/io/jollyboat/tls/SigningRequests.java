package io.jollyboat.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** PKCS #10: what a kubelet sends to the CSR API, and what the signer reads. */
public final class SigningRequests {
    /** Signs certificates of any client of the API server. */
    public static final String CLIENT = "kubernetes.io/kube-apiserver-client";

    /** Signs kubelets' client certificates. */
    public static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";

    /** Signs kubelets' serving certificates. */
    public static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";

    private static final String LABEL = "CERTIFICATE REQUEST";

    private SigningRequests() {}

    /**
     * What a request asks for; its own signature held.
     *
     * @param dnsNames subject alternative names, as the addresses
     * @param otherNames whether there are alternative names of other kinds
     */
    public record Content(
            String commonName,
            List<String> organizations,
            List<String> dnsNames,
            List<String> addresses,
            boolean otherNames,
            PublicKey key) {}

    public static boolean isForNodes(String signer) {
        return Set.of(KUBELET_CLIENT, KUBELET_SERVING).contains(signer);
    }

    /** PEM of a request for the key. */
    public static byte[] create(CertificateRequest wanted, KeyPair pair) {
        try {
            var builder = new JcaPKCS10CertificationRequestBuilder(
                    CertificateAuthority.name(wanted.commonName(), wanted.organizations()), pair.getPublic());
            if (!wanted.names().isEmpty()) {
                ExtensionsGenerator extensions = new ExtensionsGenerator();
                extensions.addExtension(
                        Extension.subjectAlternativeName, false, CertificateAuthority.alternativeNames(wanted.names()));
                builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
            }
            byte[] encoded = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                    .getEncoded();
            return Pem.encode(LABEL, encoded).getBytes(StandardCharsets.US_ASCII);
        } catch (IOException | OperatorCreationException e) {
            throw new TlsException("no certificate request for " + wanted.commonName(), e);
        }
    }

    /** TlsException when it is none, or its signature does not hold. */
    public static Content parse(byte[] pem) {
        byte[] encoded = Pem.firstBlock(LABEL, new String(pem, StandardCharsets.ISO_8859_1));
        if (encoded == null) {
            throw new TlsException("PEM block type must be CERTIFICATE REQUEST");
        }
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(encoded);
            PublicKey key = request.getPublicKey();
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new TlsException("the request's signature does not hold");
            }
            return content(request, key);
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw new TlsException("not a certificate request: " + e.getMessage(), e);
        }
    }

    private static Content content(JcaPKCS10CertificationRequest request, PublicKey key) {
        List<String> dnsNames = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        boolean others = false;
        Extensions extensions = request.getRequestedExtensions();
        GeneralNames names =
                extensions == null ? null : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        for (GeneralName name : names == null ? new GeneralName[0] : names.getNames()) {
            switch (name.getTagNo()) {
                case GeneralName.dNSName -> dnsNames.add(name.getName().toString());
                case GeneralName.iPAddress -> addresses.add(address(name));
                default -> others = true;
            }
        }
        X500Name subject = request.getSubject();
        List<String> commonNames = Subjects.values(subject, BCStyle.CN);
        return new Content(
                commonNames.isEmpty() ? "" : commonNames.getLast(),
                List.copyOf(Subjects.values(subject, BCStyle.O)),
                List.copyOf(dnsNames),
                List.copyOf(addresses),
                others,
                key);
    }

    private static String address(GeneralName name) {
        try {
            return java.net.InetAddress.getByAddress(
                            ASN1OctetString.getInstance(name.getName()).getOctets())
                    .getHostAddress();
        } catch (java.net.UnknownHostException e) {
            throw new TlsException("not an address in a certificate request", e);
        }
    }
}
