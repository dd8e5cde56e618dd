package io.jollyboat.apiserver.rest;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.errors.ApiException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A message does not tell an empty list or map from none, and a refusal shows both as null. Where the request had an
 * empty one, the refusal is to say so, as upstream's does.
 */
final class EmptyValues {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d+)]");
    private static final String NONE = "value: null";

    private EmptyValues() {}

    /** Does what the request asks for; a refusal is made to show the body's empty values. */
    static <T> T shown(byte[] body, Format format, Supplier<T> work) {
        try {
            return work.get();
        } catch (ApiException e) {
            if (e.status().getCode() != 422
                    || format != Format.JSON
                    || !e.status().getMessage().contains(NONE)) {
                throw e;
            }
            throw new ApiException(restored(e.status(), body));
        }
    }

    private static Status restored(Status status, byte[] body) {
        JsonNode sent;
        try {
            sent = JSON.readTree(body);
        } catch (JacksonException e) {
            return status;
        }
        Status.Builder result = status.toBuilder();
        for (int i = 0; i < status.getDetails().getCausesCount(); i++) {
            StatusCause cause = status.getDetails().getCauses(i);
            // The one rule that shows another field than it names.
            String shown = cause.getMessage().contains("`rules` must be specified") ? "spec.rules" : cause.getField();
            String value = empty(at(sent, shown));
            int none = cause.getMessage().indexOf(NONE);
            if (value == null || none < 0) {
                continue;
            }
            String said = cause.getMessage().substring(0, none) + "value: " + value
                    + cause.getMessage().substring(none + NONE.length());
            result.getDetailsBuilder().getCausesBuilder(i).setMessage(said);
            result.setMessage(result.getMessage()
                    .replace(cause.getField() + ": " + cause.getMessage(), cause.getField() + ": " + said));
        }
        return result.build();
    }

    private static JsonNode at(JsonNode root, String path) {
        JsonNode node = root;
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            node = step.group(1) != null ? node.path(step.group(1)) : node.path(Integer.parseInt(step.group(2)));
        }
        return node;
    }

    private static String empty(JsonNode node) {
        boolean empty = node.isContainer() && node.isEmpty();
        return empty || (node.isString() && node.asString().isEmpty()) ? node.toString() : null;
    }
}
