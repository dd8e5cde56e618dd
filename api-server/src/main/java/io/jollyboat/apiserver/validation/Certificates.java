package io.jollyboat.apiserver.validation;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates in PEM, as far as upstream looks at them. */
final class Certificates {
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ([A-Z0-9 ]+)-----\\s*\\n((?:[^\\n]*:[^\\n]*\\n)*)([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private Certificates() {}

    /** One block of a PEM text. */
    record Block(String type, boolean hasHeaders, String body) {
        /** Null where the bytes are no certificate. */
        X509Certificate certificate() {
            try {
                byte[] der = Base64.getMimeDecoder().decode(body);
                return (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            } catch (CertificateException | IllegalArgumentException e) {
                return null;
            }
        }
    }

    static List<Block> blocks(String text) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), !matcher.group(2).isEmpty(), matcher.group(3)));
        }
        return blocks;
    }

    /** What is wrong with a list of certificates; empty where nothing is. */
    static String problem(ByteString pem) {
        if (pem.isEmpty()) {
            return "";
        }
        List<Block> blocks = blocks(pem.toStringUtf8());
        for (Block block : blocks) {
            if (!block.type().equals("CERTIFICATE")) {
                return "only CERTIFICATE PEM blocks are allowed, found \"" + block.type() + "\"";
            }
            if (block.hasHeaders()) {
                return "no PEM block headers are permitted";
            }
            if (block.certificate() == null) {
                return "x509: malformed certificate";
            }
        }
        return blocks.isEmpty() ? "must contain at least one CERTIFICATE PEM block" : "";
    }
}
