package io.jollyboat.apiserver.request;

import io.jollyboat.errors.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a paginated list goes on, in upstream's form: base64 of {@code {"v":"meta.k8s.io/v1","rv":5,"start":"/name\0"}}.
 *
 * @param revision of the list; -1 to go on with whatever is there now
 * @param start the key below the listed prefix, with a leading slash
 */
record ContinueToken(long revision, String start) {
    static final long INCONSISTENT = -1;
    private static final String VERSION = "meta.k8s.io/v1";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The token for what follows the key. */
    static ContinueToken after(long revision, String lastKey) {
        return new ContinueToken(revision, "/" + lastKey + "\0");
    }

    String encode() {
        String json = JSON.writeValueAsString(
                JSON.createObjectNode().put("v", VERSION).put("rv", revision).put("start", start));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    static ContinueToken decode(String token) {
        byte[] bytes = base64(token);
        JsonNode node;
        try {
            node = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw invalid(firstBadCharacter(bytes));
        }
        String version = node.path("v").asString("");
        if (!version.equals(VERSION)) {
            throw invalid("server does not recognize this encoded version " + version);
        }
        String start = node.path("start").asString("");
        long revision = node.path("rv").asLong(0);
        if (revision == 0) {
            throw invalid("incorrect encoded start resourceVersion (version " + VERSION + ")");
        }
        if (start.isEmpty()) {
            throw invalid("encoded start key empty (version " + VERSION + ")");
        }
        String key = start.startsWith("/") ? start : "/" + start;
        if (isUnclean(key)) {
            throw invalid(start);
        }
        return new ContinueToken(revision, key);
    }

    private static boolean isUnclean(String key) {
        for (String part : key.substring(1).split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static byte[] base64(String token) {
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (!(Character.isLetterOrDigit(c) && c < 128) && c != '-' && c != '_') {
                throw invalid("illegal base64 data at input byte " + i);
            }
        }
        if (token.length() % 4 == 1) {
            throw invalid("illegal base64 data at input byte " + (token.length() - 1));
        }
        return Base64.getUrlDecoder().decode(token);
    }

    private static String firstBadCharacter(byte[] bytes) {
        char first = bytes.length == 0 ? 0 : new String(bytes, StandardCharsets.UTF_8).charAt(0);
        String shown = first >= ' ' && first < 127
                ? "'" + first + "'"
                : String.format("'\\u%04x'", bytes.length == 0 ? 0 : bytes[0] & 0xff);
        return bytes.length == 0
                ? "unexpected end of JSON input"
                : "invalid character " + shown + " looking for beginning of value";
    }

    private static ApiException invalid(String why) {
        return ApiException.badRequest("invalid continue token: continue key is not valid: " + why);
    }
}
