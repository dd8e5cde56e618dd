package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.request.QueryParams;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.Durations;
import io.jollyboat.errors.ApiException;
import java.time.Duration;

/** How long a request may take, and what it is told when it takes longer: upstream's limits and texts. */
record TimeLimit(Duration duration, String message) {
    private static final TimeLimit MOST =
            new TimeLimit(Duration.ofSeconds(60), "Timeout: request did not complete within the allotted timeout");

    /** Of writes to one object. */
    private static final TimeLimit WRITE = new TimeLimit(
            Duration.ofSeconds(34),
            "Timeout: request did not complete within requested timeout - context deadline exceeded");

    /** @throws ApiException 400 when the query's {@code timeout} is no duration */
    static TimeLimit of(RequestInfo info, QueryParams query) {
        TimeLimit most = switch (info.verb()) {
            case "create", "update", "patch", "delete" -> info.resourceRequest() ? WRITE : MOST;
            default -> MOST;
        };
        String asked = query.text("timeout");
        if (asked.isEmpty()) {
            return most;
        }
        long nanos = nanos(asked);
        return nanos > 0 && nanos < most.duration.toNanos()
                ? new TimeLimit(Duration.ofNanos(nanos), most.message)
                : most;
    }

    private static long nanos(String text) {
        try {
            return Durations.parse(text);
        } catch (DecodeException e) {
            throw ApiException.badRequest("invalid timeout specified in the request URL - " + e.getMessage());
        }
    }

    /** A write that takes longer may still happen: 504 says that nobody knows. */
    ApiException exceeded() {
        return ApiException.of(504, "Timeout", message);
    }
}
