package io.jollyboat.controllers.tokens;

import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Signs tokens that hold as long as their Secret does. */
final class LegacyTokens {
    private static final String PREFIX = "kubernetes.io/serviceaccount/";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PrivateKey key;

    LegacyTokens(PrivateKey key) {
        this.key = key;
    }

    String token(ServiceAccount account, Secret secret) {
        String namespace = account.getMetadata().getNamespace();
        String name = account.getMetadata().getName();
        ObjectNode claims = JSON.createObjectNode();
        claims.put("iss", "kubernetes/serviceaccount");
        claims.put(PREFIX + "namespace", namespace);
        claims.put(PREFIX + "secret.name", secret.getMetadata().getName());
        claims.put(PREFIX + "service-account.name", name);
        claims.put(PREFIX + "service-account.uid", account.getMetadata().getUid());
        claims.put("sub", "system:serviceaccount:" + namespace + ":" + name);
        ObjectNode header = JSON.createObjectNode();
        header.put("alg", algorithm());
        String content = part(header) + "." + part(claims);
        return content + "." + signature(content);
    }

    private static String part(ObjectNode json) {
        return encode(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private String algorithm() {
        if (!(key instanceof ECPrivateKey ec)) {
            return "RS256";
        }
        return switch (ec.getParams().getCurve().getField().getFieldSize()) {
            case 256 -> "ES256";
            case 384 -> "ES384";
            default -> "ES512";
        };
    }

    private String signature(String content) {
        String bits = algorithm().substring(2);
        String name = key instanceof ECPrivateKey ? "SHA" + bits + "withECDSAinP1363Format" : "SHA256withRSA";
        try {
            Signature signature = Signature.getInstance(name);
            signature.initSign(key);
            signature.update(content.getBytes(StandardCharsets.UTF_8));
            return encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a service account's token cannot be signed: " + e.getMessage(), e);
        }
    }
}
