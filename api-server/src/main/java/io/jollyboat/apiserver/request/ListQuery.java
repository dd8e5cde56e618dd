package io.jollyboat.apiserver.request;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A list's or watch's options, as upstream's {@code ListOptions}; strings are empty where unset.
 *
 * @param limit 0 for none
 * @param timeoutSeconds of a watch; null where unset
 * @param sendInitialEvents null where unset
 */
public record ListQuery(
        String labelSelector,
        String fieldSelector,
        String resourceVersion,
        String resourceVersionMatch,
        String continueToken,
        long limit,
        boolean bookmarks,
        Boolean sendInitialEvents,
        Long timeoutSeconds) {
    public static final ListQuery ALL = new ListQuery("", "", "", "", "", 0, false, null, null);

    /** Reads and checks a query. */
    public static ListQuery of(QueryParams query, boolean watch) {
        Long limit = query.number("limit");
        ListQuery result = new ListQuery(
                query.text("labelSelector"),
                query.text("fieldSelector"),
                query.text("resourceVersion"),
                query.text("resourceVersionMatch"),
                query.text("continue"),
                limit == null || limit < 0 ? 0 : limit,
                query.flag("allowWatchBookmarks"),
                query.has("sendInitialEvents") ? query.flag("sendInitialEvents") : null,
                query.number("timeoutSeconds"));
        result.check(watch);
        return result;
    }

    /** 422 for options that do not go together. */
    public void check(boolean watch) {
        List<FieldError> errors = watch ? watchErrors() : listErrors();
        if (!errors.isEmpty()) {
            throw invalid("ListOptions", errors);
        }
    }

    private List<FieldError> listErrors() {
        List<FieldError> errors = new ArrayList<>();
        String match = resourceVersionMatch;
        if (!match.isEmpty()) {
            if (resourceVersion.isEmpty()) {
                errors.add(FieldError.forbidden(
                        "resourceVersionMatch",
                        "resourceVersionMatch is forbidden unless resourceVersion is provided"));
            }
            if (!continueToken.isEmpty()) {
                errors.add(FieldError.forbidden(
                        "resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"));
            }
            if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
                errors.add(FieldError.of(
                        FieldError.Type.NOT_SUPPORTED,
                        "resourceVersionMatch",
                        match,
                        "supported values: \"Exact\", \"NotOlderThan\", \"\""));
            }
            if (match.equals("Exact") && resourceVersion.equals("0")) {
                errors.add(FieldError.forbidden(
                        "resourceVersionMatch",
                        "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
            }
        }
        if (sendInitialEvents != null) {
            errors.add(FieldError.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        }
        return errors;
    }

    private List<FieldError> watchErrors() {
        List<FieldError> errors = new ArrayList<>();
        String match = resourceVersionMatch;
        if (!match.isEmpty() && sendInitialEvents == null) {
            errors.add(FieldError.forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        }
        if (sendInitialEvents != null && !match.equals("NotOlderThan")) {
            errors.add(FieldError.forbidden(
                    "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
        }
        if (!match.isEmpty() && !match.equals("NotOlderThan")) {
            errors.add(FieldError.of(
                    FieldError.Type.NOT_SUPPORTED,
                    "resourceVersionMatch",
                    match,
                    "supported values: \"NotOlderThan\""));
        }
        if (!continueToken.isEmpty()) {
            errors.add(FieldError.forbidden(
                    "resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"));
        }
        return errors;
    }

    /** 422 about options of meta.k8s.io, which have no name. */
    public static ApiException invalid(String kind, List<FieldError> errors) {
        String list = errors.stream().map(FieldError::toString).distinct().collect(Collectors.joining(", "));
        StatusDetails.Builder details =
                StatusDetails.newBuilder().setGroup("meta.k8s.io").setKind(kind);
        for (FieldError error : errors) {
            details.addCauses(StatusCause.newBuilder()
                    .setReason(error.type().reason())
                    .setMessage(error.detail())
                    .setField(error.field()));
        }
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage(kind + ".meta.k8s.io \"\" is invalid: " + (errors.size() > 1 ? "[" + list + "]" : list))
                .setReason("Invalid")
                .setDetails(details)
                .setCode(422)
                .build());
    }
}
