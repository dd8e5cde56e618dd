package io.jollyboat.errors;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/** A request that failed, on the server and in clients: carries the Status that goes over the wire. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Status status;
    private final boolean outcomeUnknown;

    public ApiException(Status status) {
        this(status, false);
    }

    private ApiException(Status status, boolean outcomeUnknown) {
        // An expected outcome, thrown on hot paths: no stack trace.
        super(status.getMessage(), null, false, false);
        this.status = status;
        this.outcomeUnknown = outcomeUnknown;
    }

    public Status status() {
        return status;
    }

    /** HTTP status code. */
    public int code() {
        return status.getCode();
    }

    public String reason() {
        return status.getReason();
    }

    public boolean isNotFound() {
        return code() == 404;
    }

    public boolean isConflict() {
        return code() == 409 && !reason().equals("AlreadyExists");
    }

    public boolean isAlreadyExists() {
        return reason().equals("AlreadyExists");
    }

    /** The resourceVersion or continue token is too old: list again. */
    public boolean isGone() {
        return code() == 410;
    }

    /** On the server: what was to be written may be written, now or later. Clients see it by the code, 500 or 504. */
    public boolean isOutcomeUnknown() {
        return outcomeUnknown;
    }

    /** The same about a write that may have happened. */
    public ApiException withOutcomeUnknown() {
        return new ApiException(status, true);
    }

    /** A failure with nothing but a code, a reason and a text. */
    public static ApiException of(int code, String reason, String message) {
        return new ApiException(failure(code, reason, message).build());
    }

    public static ApiException badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    /** 500 with upstream's prefix and an empty details object. */
    public static ApiException internal(String message) {
        return new ApiException(failure(500, "InternalError", "Internal error occurred: " + message)
                .setDetails(StatusDetails.newBuilder()
                        .addCauses(StatusCause.newBuilder().setMessage(message)))
                .build());
    }

    public static ApiException notFound(ResourceType<?> type, String name) {
        return notFound(type.group(), type.plural(), name);
    }

    public static ApiException notFound(String group, String plural, String name) {
        return about(404, "NotFound", group, plural, name, quoted(group, plural, name) + " not found");
    }

    public static ApiException alreadyExists(ResourceType<?> type, String name) {
        return about(
                409,
                "AlreadyExists",
                type.group(),
                type.plural(),
                name,
                quoted(type.group(), type.plural(), name) + " already exists");
    }

    /** @param detail upstream's text after {@code Operation cannot be fulfilled on …: } */
    public static ApiException conflict(ResourceType<?> type, String name, String detail) {
        return about(
                409,
                "Conflict",
                type.group(),
                type.plural(),
                name,
                "Operation cannot be fulfilled on " + quoted(type.group(), type.plural(), name) + ": " + detail);
    }

    /** As {@link #conflict(ResourceType, String, String)} for what is no resource of its own. */
    public static ApiException conflict(String group, String what, String name, String detail) {
        return about(
                409,
                "Conflict",
                group,
                what,
                name,
                "Operation cannot be fulfilled on " + quoted(group, what, name) + ": " + detail);
    }

    /** @param detail upstream's text after {@code … is forbidden: } */
    public static ApiException forbidden(String group, String plural, String name, String detail) {
        String what = name.isEmpty() ? qualified(group, plural) : quoted(group, plural, name);
        return about(403, "Forbidden", group, plural, name, what + " is forbidden: " + detail);
    }

    /** 422 with one cause per error. */
    public static ApiException invalid(ResourceType<?> type, String name, List<FieldError> errors) {
        return invalid(type.group(), type.kind(), name, errors);
    }

    /** 422 about an object of a kind that is no resource of its own, such as the body of a subresource. */
    public static ApiException invalid(String group, String kind, String name, List<FieldError> errors) {
        List<String> texts =
                errors.stream().map(FieldError::toString).distinct().toList();
        String list = String.join(", ", texts);
        String text = texts.size() > 1 ? "[" + list + "]" : list;
        StatusDetails.Builder details =
                StatusDetails.newBuilder().setName(name).setGroup(group).setKind(kind);
        for (FieldError error : errors) {
            details.addCauses(StatusCause.newBuilder()
                    .setReason(error.type().reason())
                    .setMessage(error.detail())
                    .setField(error.field()));
        }
        String qualifiedKind = qualified(group, kind);
        return new ApiException(failure(422, "Invalid", qualifiedKind + " \"" + name + "\" is invalid: " + text)
                .setDetails(details)
                .build());
    }

    private static ApiException about(
            int code, String reason, String group, String plural, String name, String message) {
        return new ApiException(failure(code, reason, message)
                .setDetails(
                        StatusDetails.newBuilder().setName(name).setGroup(group).setKind(plural))
                .build());
    }

    private static Status.Builder failure(int code, String reason, String message) {
        return Status.newBuilder()
                .setStatus("Failure")
                .setMessage(message)
                .setReason(reason)
                .setCode(code);
    }

    private static String qualified(String group, String plural) {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    private static String quoted(String group, String plural, String name) {
        return qualified(group, plural) + " \"" + name + "\"";
    }
}
