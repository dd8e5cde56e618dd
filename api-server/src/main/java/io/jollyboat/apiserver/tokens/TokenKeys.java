package io.jollyboat.apiserver.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The key that signs tokens and those that verify them. Key ids are upstream's: a hash of the public key. */
public final class TokenKeys {
    private final JWSSigner signer;
    private final JWSHeader header;
    private final List<Verifier> verifiers = new ArrayList<>();

    /** @param verifying every key that signed tokens still in use; the first is the signing key's other half */
    public TokenKeys(PrivateKey signing, List<PublicKey> verifying) {
        try {
            for (PublicKey key : verifying) {
                verifiers.add(verifier(key));
            }
            this.signer = signing instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(signing);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("a service-account key cannot be used: " + e.getMessage(), e);
        }
        Verifier own = verifiers.getFirst();
        this.header = new JWSHeader.Builder(own.algorithm).keyID(own.keyId).build();
    }

    String sign(JWTClaimsSet claims) throws JOSEException {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    /**
     * Whether one of the keys signed the token, with the algorithm of that key.
     *
     * @return null when it holds, else why not
     */
    public String whyNotSigned(CompactJwt token) {
        List<Verifier> known = verifiers.stream()
                .filter(verifier -> token.keyId().isEmpty() || token.keyId().equals(verifier.keyId))
                .toList();
        if (known.isEmpty()) {
            return "invalid signature, no keys found";
        }
        boolean signed = token.header().stream()
                .anyMatch(its -> known.stream().anyMatch(verifier -> verifier.verifies(its, token)));
        return signed ? null : "go-jose/go-jose: error in cryptographic primitive";
    }

    List<JWK> published() {
        return verifiers.stream().map(Verifier::published).toList();
    }

    List<String> algorithms() {
        return verifiers.stream()
                .map(verifier -> verifier.algorithm.getName())
                .distinct()
                .sorted()
                .toList();
    }

    private static Verifier verifier(PublicKey key) throws JOSEException {
        String keyId = keyId(key);
        if (key instanceof ECPublicKey ec) {
            Curve curve = Curve.forECParameterSpec(ec.getParams());
            JWSAlgorithm algorithm = curve.equals(Curve.P_256)
                    ? JWSAlgorithm.ES256
                    : curve.equals(Curve.P_384) ? JWSAlgorithm.ES384 : JWSAlgorithm.ES512;
            JWK published = new ECKey.Builder(curve, ec)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyID(keyId)
                    .algorithm(algorithm)
                    .build();
            return new Verifier(keyId, algorithm, new ECDSAVerifier(ec), published);
        }
        if (key instanceof RSAPublicKey rsa) {
            JWK published = new RSAKey.Builder(rsa)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyID(keyId)
                    .algorithm(JWSAlgorithm.RS256)
                    .build();
            return new Verifier(keyId, JWSAlgorithm.RS256, new RSASSAVerifier(rsa), published);
        }
        throw new JOSEException("neither EC nor RSA: " + key.getAlgorithm());
    }

    private static String keyId(PublicKey key) throws JOSEException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new JOSEException(e.getMessage(), e);
        }
    }

    private record Verifier(String keyId, JWSAlgorithm algorithm, JWSVerifier check, JWK published) {
        boolean verifies(JWSHeader header, CompactJwt token) {
            try {
                return algorithm.equals(header.getAlgorithm())
                        && check.verify(header, token.signed().getBytes(StandardCharsets.US_ASCII), token.signature());
            } catch (JOSEException e) {
                return false; // such as a signature of another length
            }
        }
    }
}
