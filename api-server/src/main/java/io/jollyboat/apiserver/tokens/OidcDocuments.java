package io.jollyboat.apiserver.tokens;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What lets others verify tokens: the documents of OpenID discovery. Constant for the life of the server. */
public final class OidcDocuments {
    public static final String CONFIGURATION_PATH = "/.well-known/openid-configuration";
    public static final String KEYS_PATH = "/openid/v1/jwks";
    public static final String CONFIGURATION_TYPE = "application/json";
    public static final String KEYS_TYPE = "application/jwk-set+json";

    private final byte[] configuration;
    private final byte[] keys;

    /** @param externalUrl of the server, such as {@code https://10.90.0.1:6443} */
    public OidcDocuments(String issuer, String externalUrl, TokenKeys keys) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("issuer", issuer);
        document.put("jwks_uri", externalUrl + KEYS_PATH);
        document.put("response_types_supported", List.of("id_token"));
        document.put("subject_types_supported", List.of("public"));
        document.put("id_token_signing_alg_values_supported", keys.algorithms());
        this.configuration = json(document);
        this.keys = json(
                Map.of("keys", keys.published().stream().map(JWK::toJSONObject).toList()));
    }

    public byte[] configuration() {
        return configuration.clone();
    }

    public byte[] keys() {
        return keys.clone();
    }

    private static byte[] json(Map<String, Object> document) {
        return JSONObjectUtils.toJSONString(document).getBytes(StandardCharsets.UTF_8);
    }
}
