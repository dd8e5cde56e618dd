package io.jollyboat.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** PEM text to and from the JDK's types. */
public final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");

    private Pem() {}

    /** All certificates of a file, in order; TlsException when there are none. */
    public static List<X509Certificate> certificates(Path file) {
        try {
            List<X509Certificate> certificates = certificates(read(file));
            if (certificates.isEmpty()) {
                throw new TlsException(file + ": no certificate in it");
            }
            return certificates;
        } catch (CertificateException e) {
            throw new TlsException(file + ": not a certificate: " + e.getMessage(), e);
        }
    }

    /** All certificates of a text, in order. */
    public static List<X509Certificate> certificates(String text) throws CertificateException {
        List<X509Certificate> certificates = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (Block block : blocks(text)) {
            if (block.label.equals("CERTIFICATE")) {
                certificates.add(
                        (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content)));
            }
        }
        return certificates;
    }

    /** The first private key of a file: PKCS #8, PKCS #1 or SEC 1. */
    public static PrivateKey privateKey(Path file) {
        return privateKey(read(file), file.toString());
    }

    /**
     * The first private key of a text.
     *
     * @param where the text is from, for the error
     */
    public static PrivateKey privateKey(String text, String where) {
        try {
            for (Block block : blocks(text)) {
                switch (block.label) {
                    case "PRIVATE KEY" -> {
                        return pkcs8(block.content);
                    }
                    case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                        return traditional(text);
                    }
                    default -> {
                        // Parameters and certificates may stand before the key.
                    }
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsException(where + ": not a private key: " + e.getMessage(), e);
        }
        throw new TlsException(where + ": no private key in it");
    }

    /** The first public key of a file. */
    public static PublicKey publicKey(Path file) {
        for (Block block : blocks(read(file))) {
            if (block.label.equals("PUBLIC KEY")) {
                return publicKey(file, block.content);
            }
        }
        throw new TlsException(file + ": no public key in it");
    }

    private static PublicKey publicKey(Path file, byte[] content) {
        GeneralSecurityException last = null;
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(content));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw new TlsException(file + ": not a public key", last);
    }

    public static String encode(X509Certificate certificate) {
        try {
            return encode("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateException e) {
            throw new TlsException("certificate of " + certificate.getSubjectX500Principal() + " has no encoding", e);
        }
    }

    public static String encode(PrivateKey key) {
        return encode("PRIVATE KEY", key.getEncoded());
    }

    public static String encode(PublicKey key) {
        return encode("PUBLIC KEY", key.getEncoded());
    }

    /** One PEM block with the label. */
    public static String encode(String label, byte[] content) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN " + label + "-----\n" + lines.encodeToString(content) + "\n-----END " + label + "-----\n";
    }

    /** The content of the first block with the label; null when there is none. */
    public static byte[] firstBlock(String label, String text) {
        for (Block block : blocks(text)) {
            if (block.label.equals(label)) {
                return block.content;
            }
        }
        return null;
    }

    private static PrivateKey pkcs8(byte[] content) throws GeneralSecurityException {
        GeneralSecurityException last = null;
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }

    // Keys that other tools made; the JDK reads none of these forms.
    private static PrivateKey traditional(String text) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                if (next instanceof PEMKeyPair pair) {
                    return new JcaPEMKeyConverter().getKeyPair(pair).getPrivate();
                }
            }
        }
        throw new IOException("unknown form");
    }

    private static List<Block> blocks(String text) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException e) {
                throw new TlsException("broken base64 in a " + matcher.group(1) + " block", e);
            }
        }
        return blocks;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new TlsException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    // Never leaves this class.
    @SuppressWarnings("ArrayRecordComponent")
    private record Block(String label, byte[] content) {}
}
