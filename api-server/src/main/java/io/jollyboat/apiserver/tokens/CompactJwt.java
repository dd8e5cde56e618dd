package io.jollyboat.apiserver.tokens;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A token in compact form whose signature nobody has looked at yet.
 *
 * @param issuer as it says; not to be trusted
 * @param header empty where no signature can hold under it
 * @param keyId of the key that is said to have signed; empty where it is not said
 * @param signed what the signature is of
 * @param payload JSON
 */
public record CompactJwt(
        String issuer, Optional<JWSHeader> header, String keyId, String signed, Base64URL signature, String payload) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PARTS = 3;

    /** Empty: no token in this form, or one that names no issuer. */
    public static Optional<CompactJwt> parse(String token) {
        String[] parts = token.split("\\.", PARTS + 1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            String payload = new String(decoded(parts[1]), StandardCharsets.UTF_8);
            JsonNode header = JSON.readTree(decoded(parts[0]));
            JsonNode issuer = JSON.readTree(payload).path("iss");
            JsonNode keyId = header.path("kid");
            boolean readable = header.isObject() && (keyId.isMissingNode() || keyId.isString());
            if (!issuer.isString() || !readable) {
                return Optional.empty();
            }
            decoded(parts[2]);
            return Optional.of(new CompactJwt(
                    issuer.asString(),
                    usable(header, parts[0]),
                    keyId.asString(""),
                    parts[0] + "." + parts[1],
                    new Base64URL(parts[2]),
                    payload));
        } catch (IllegalArgumentException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** What must be understood, is not: there is nothing of the kind in tokens of service accounts. */
    private static Optional<JWSHeader> usable(JsonNode header, String encoded) {
        if (header.has("crit") || header.has("b64")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JWSHeader.parse(new Base64URL(encoded)));
        } catch (ParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] decoded(String text) {
        if (text.indexOf('=') >= 0) {
            throw new IllegalArgumentException("padding");
        }
        return Base64.getUrlDecoder().decode(text);
    }
}
