package io.jollyboat.apiserver.rest;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.apiserver.rest.Representation.Shape;
import io.jollyboat.errors.ApiException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Chooses the representation of an answer from an Accept header, and the format of a body from its Content-Type. */
final class Negotiation {
    private static final String WATCH_TYPES =
            "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

    /** A media type whose parameters Go can read. */
    private static final Pattern PARAMETERS =
            Pattern.compile("[^;]*+(?:;\\s*+[^\\s;=\"]++=(?:[^\\s;\"]++|\"(?:[^\"\\\\]|\\\\.)*+\")\\s*+)*+;?+\\s*+");

    private Negotiation() {}

    /** For anything but watches; 406 when nothing that is offered is acceptable. */
    static Representation answer(String accept) {
        return answer(accept, true);
    }

    /** @param messages whether whole objects have a protobuf form */
    static Representation answer(String accept, boolean messages) {
        if (accept == null || accept.isBlank() || accept.equals("application/json")) {
            return Representation.PLAIN_JSON;
        }
        boolean known = false;
        for (MediaRange range : MediaRange.parseAll(accept)) {
            Optional<Format> format = format(range);
            if (format.isPresent()) {
                known = true;
                Optional<Representation> representation =
                        shaped(format.get(), range).filter(found -> messages || !isMessage(found));
                if (representation.isPresent()) {
                    return representation.get();
                }
            }
        }
        throw known
                ? ApiException.of(406, "NotAcceptable", "only the following media types are accepted: " + Format.ALL)
                : nothingKnown();
    }

    /** For watches, whose frames are JSON or protobuf only. */
    static Representation watch(String accept, boolean messages) {
        if (accept == null || accept.isBlank()) {
            return Representation.PLAIN_JSON;
        }
        for (MediaRange range : MediaRange.parseAll(accept)) {
            Optional<Format> format = format(range).filter(found -> found != Format.YAML);
            Optional<Representation> representation =
                    format.flatMap(found -> shaped(found, range)).filter(found -> messages || !isMessage(found));
            if (representation.isPresent()) {
                return representation.get();
            }
        }
        throw ApiException.of(406, "NotAcceptable", "only the following media types are accepted: " + WATCH_TYPES);
    }

    private static boolean isMessage(Representation how) {
        return how.format() == Format.PROTOBUF && how.shape() == Shape.OBJECT;
    }

    /** For errors, which are shown in any case. */
    static Representation error(String accept) {
        if (accept == null || accept.isBlank()) {
            return Representation.PLAIN_JSON;
        }
        return MediaRange.parseAll(accept).stream()
                .flatMap(range -> format(range).stream())
                .findFirst()
                .map(format -> new Representation(format, Shape.OBJECT, "v1", false))
                .orElse(Representation.PLAIN_JSON);
    }

    /** The format of a body; 415 when it is none of ours. No Content-Type means JSON. */
    static Format body(String contentType) {
        if (contentType == null || contentType.isBlank()) {
            return Format.JSON;
        }
        Optional<Format> format = contentType.indexOf(';') >= 0
                        && !PARAMETERS.matcher(contentType).matches()
                ? Optional.empty()
                : Format.of(MediaRange.parse(contentType).type());
        return format.orElseThrow(() -> ApiException.of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: " + Format.ALL));
    }

    private static Optional<Format> format(MediaRange range) {
        return range.type().equals("*/*") ? Optional.of(Format.JSON) : Format.of(range.type());
    }

    private static Optional<Representation> shaped(Format format, MediaRange range) {
        boolean pretty = range.parameter("pretty").equals("1");
        String as = range.parameter("as");
        if (as.isEmpty()) {
            return Optional.of(new Representation(format, Shape.OBJECT, "v1", pretty));
        }
        String version = range.parameter("v");
        if (!range.parameter("g").equals("meta.k8s.io") || !(version.equals("v1") || version.equals("v1beta1"))) {
            return Optional.empty();
        }
        return switch (as) {
            case "Table" -> Optional.of(new Representation(format, Shape.TABLE, version, pretty));
            case "PartialObjectMetadata" -> Optional.of(new Representation(format, Shape.METADATA, version, pretty));
            case "PartialObjectMetadataList" ->
                Optional.of(new Representation(format, Shape.METADATA_LIST, version, pretty));
            default -> Optional.empty();
        };
    }

    private static ApiException nothingKnown() {
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage("406: Not Acceptable\n\nAvailable representations: " + Format.ALL)
                .setReason("NotAcceptable")
                .setDetails(StatusDetails.getDefaultInstance())
                .setCode(406)
                .build());
    }
}
