package io.jollyboat.apiserver.webhook;

import io.jollyboat.apiserver.patch.GoQuote;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What upstream's client says of an answer with another status than a good one. */
public final class ServerErrors {
    private static final int SHOWN_BYTES = 2048;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ServerErrors() {}

    /** @param type the Content-Type, may be null */
    public static String text(int code, String type, byte[] body) {
        String told = status(body);
        if (told != null) {
            return told;
        }
        boolean text =
                type == null || type.isEmpty() || type.toLowerCase(Locale.ROOT).startsWith("text/");
        byte[] shown = body.length > SHOWN_BYTES ? java.util.Arrays.copyOf(body, SHOWN_BYTES) : body;
        String message = text ? HookClient.utf8(shown).strip() : "unknown";
        return switch (code) {
            case 400 -> "the server rejected our request for an unknown reason";
            case 401 -> "the server has asked for the client to provide credentials";
            case 403, 415 -> message;
            case 404 -> "the server could not find the requested resource";
            case 405 -> "the server does not allow this method on the requested resource";
            case 406 ->
                message.isEmpty() || message.equals("unknown")
                        ? "the server was unable to respond with a content type that the client supports"
                        : message;
            case 409 -> "the server reported a conflict";
            case 422 -> "the server rejected our request due to an error in our request";
            case 429 -> "the server has received too many requests and has asked us to try again later";
            case 503 -> "the server is currently unable to handle the request";
            case 504 ->
                "the server was unable to return a response in the time allotted, but may still be processing the "
                        + "request";
            default ->
                code >= 500
                        ? "an error on the server (" + GoQuote.of(message)
                                + ") has prevented the request from succeeding"
                        : "the server responded with the status code " + code + " but did not return more information";
        };
    }

    /** The message of a Status that says it failed; null where the body is none. */
    private static String status(byte[] body) {
        if (body.length == 0 || body[0] != '{') {
            return null;
        }
        try {
            JsonNode node = JSON.readTree(body);
            boolean failed = node.path("kind").asString("").equals("Status")
                    && node.path("apiVersion").asString("").equals("v1")
                    && !node.path("status").asString("").equals("Success");
            return failed ? node.path("message").asString("") : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
