package io.jollyboat.apiserver.rest;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.apiserver.request.QueryParams;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The options of a request for a log. */
final class LogOptions {
    private LogOptions() {}

    /** 422 for options that make no sense. */
    static void check(String pod, QueryParams query) {
        List<FieldError> errors = new ArrayList<>();
        atLeast(query, "tailLines", 0, "must be greater than or equal to 0", errors);
        atLeast(query, "limitBytes", 1, "must be greater than 0", errors);
        if (query.has("sinceSeconds") && query.has("sinceTime")) {
            errors.add(FieldError.forbidden("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        } else {
            atLeast(query, "sinceSeconds", 1, "must be greater than 0", errors);
        }
        if (query.has("stream")
                && !query.text("stream").isEmpty()
                && !query.text("stream").equals("All")) {
            errors.add(FieldError.forbidden("stream", "may not be specified"));
        }
        if (errors.isEmpty()) {
            return;
        }
        String list = errors.stream().map(FieldError::toString).collect(Collectors.joining(", "));
        StatusDetails.Builder details = StatusDetails.newBuilder().setName(pod).setKind("PodLogOptions");
        errors.forEach(error -> details.addCauses(StatusCause.newBuilder()
                .setReason(error.type().reason())
                .setMessage(error.detail())
                .setField(error.field())));
        throw new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage(
                        "PodLogOptions \"" + pod + "\" is invalid: " + (errors.size() > 1 ? "[" + list + "]" : list))
                .setReason("Invalid")
                .setDetails(details)
                .setCode(422)
                .build());
    }

    private static void atLeast(QueryParams query, String name, long least, String text, List<FieldError> errors) {
        Long value = query.number(name);
        if (value != null && value < least) {
            errors.add(FieldError.invalid(name, value, text));
        }
    }
}
