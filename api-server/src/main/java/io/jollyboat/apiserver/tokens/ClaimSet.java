package io.jollyboat.apiserver.tokens;

import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads claims of a token; what is of a wrong type is told in upstream's words. */
public final class ClaimSet {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern DUPLICATE = Pattern.compile("Duplicate[^\"']*[\"']([^\"']*)[\"']");
    private static final String JWT = "go-jose/go-jose/jwt: ";

    /** Beyond, Go's conversion of a number comes out far in the past. */
    private static final double LARGEST = 0x1p63;

    private final JsonNode claims;

    private ClaimSet(JsonNode claims) {
        this.claims = claims;
    }

    /** @throws ParseException that says what is wrong */
    public static ClaimSet parse(String json) throws ParseException {
        try {
            return new ClaimSet(JSON.readTree(json));
        } catch (JacksonException e) {
            Matcher duplicate = DUPLICATE.matcher(String.valueOf(e.getOriginalMessage()));
            throw wrong(
                    duplicate.find()
                            ? "json: duplicate key '" + duplicate.group(1) + "' in object"
                            : "json: " + e.getOriginalMessage());
        }
    }

    /** Empty where there is none. */
    public String text(String name) throws ParseException {
        JsonNode value = claims.path(name);
        if (isAbsent(value)) {
            return "";
        }
        if (!value.isString()) {
            throw mismatch(value, "string");
        }
        return value.asString();
    }

    /** One text, or a list of them. */
    public List<String> audience() throws ParseException {
        JsonNode value = claims.path("aud");
        List<String> all = new ArrayList<>();
        if (value.isString()) {
            all.add(value.asString());
        } else if (value.isArray()) {
            for (JsonNode each : value) {
                if (!each.isString()) {
                    throw wrong(JWT + "expected string or array value to unmarshal to Audience");
                }
                all.add(each.asString());
            }
        } else if (!isAbsent(value)) {
            throw wrong(JWT + "expected string or array value to unmarshal to Audience");
        }
        return List.copyOf(all);
    }

    /** Null where there is none. */
    Instant time(String name) throws ParseException {
        JsonNode value = claims.path(name);
        if (isAbsent(value)) {
            return null;
        }
        if (!value.isNumber()) {
            throw wrong(JWT + "expected number value to unmarshal NumericDate");
        }
        double seconds = value.asDouble();
        if (Math.abs(seconds) >= LARGEST) {
            return Instant.MIN;
        }
        return Instant.ofEpochSecond(
                Math.clamp((long) seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()));
    }

    /** Without claims where there is none. */
    ClaimSet object(String name, String type) throws ParseException {
        JsonNode value = claims.path(name);
        if (!isAbsent(value) && !value.isObject()) {
            throw mismatch(value, "serviceaccount." + type);
        }
        return new ClaimSet(value);
    }

    /** Null where there is none. */
    TokenClaims.Ref reference(String name) throws ParseException {
        ClaimSet value = object(name, "ref");
        return isAbsent(value.claims) ? null : new TokenClaims.Ref(value.text("name"), value.text("uid"));
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static ParseException mismatch(JsonNode value, String type) {
        String found = switch (value.getNodeType()) {
            case ARRAY -> "array";
            case BOOLEAN -> "bool";
            case NUMBER -> "number";
            case OBJECT, POJO -> "object";
            case STRING, BINARY, NULL, MISSING -> "string";
        };
        return wrong("json: cannot unmarshal " + found + " into Go value of type " + type);
    }

    private static ParseException wrong(String text) {
        return new ParseException(text, 0);
    }
}
