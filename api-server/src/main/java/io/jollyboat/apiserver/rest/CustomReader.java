package io.jollyboat.apiserver.rest;

import com.google.protobuf.Message;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.apiserver.request.BodyType;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.CustomBodies;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.Decoded;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Decodes bodies that are custom objects. */
final class CustomReader {
    private CustomReader() {}

    static Message read(byte[] body, Format format, BodyType type, Call call) {
        if (format == Format.PROTOBUF) {
            throw ApiException.of(
                    415,
                    "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types include: application/json,"
                            + " application/yaml");
        }
        Decoded<? extends Message> decoded;
        Strictness lenient = call.fieldValidation() == Strictness.IGNORE ? Strictness.IGNORE : Strictness.WARN;
        try {
            decoded = BodyReader.decode(body, format, type.prototype(), lenient);
        } catch (DecodeException e) {
            throw e.stage() == DecodeException.Stage.SYNTAX
                    ? BodyReader.unrecognized(body, format, type, e)
                    : cannotBe(type, type.kind(), e);
        }
        CustomObject object = (CustomObject) decoded.message();
        check(decoded, object, body, format, type);
        List<String> problems = new ArrayList<>(decoded.warnings());
        try {
            CustomObject known = CustomBodies.pruned(type.custom(), object, call.fieldValidation(), problems);
            problems.forEach(call::warn);
            return known;
        } catch (DecodeException e) {
            throw cannotBe(type, type.kind(), e);
        }
    }

    private static void check(
            Decoded<? extends Message> decoded, CustomObject object, byte[] body, Format format, BodyType type) {
        if (decoded.kind().isEmpty()) {
            throw BodyReader.unrecognized(
                    body,
                    format,
                    type,
                    new DecodeException(
                            DecodeException.Stage.SYNTAX,
                            "Object 'Kind' is missing in '" + new String(body, StandardCharsets.UTF_8) + "'"));
        }
        if (!decoded.apiVersion().equals(type.apiVersion())) {
            throw ApiException.badRequest("the API version in the data (" + decoded.apiVersion()
                    + ") does not match the expected API version (" + type.apiVersion() + ")");
        }
        if (!decoded.kind().equals(type.kind())) {
            ResourceType<?> custom = type.custom();
            throw ApiException.invalid(
                    custom.group(),
                    decoded.kind(),
                    object.getMetadata().getName(),
                    List.of(FieldError.invalid("kind", decoded.kind(), "must be " + type.kind())));
        }
    }

    private static ApiException cannotBe(BodyType type, String kind, DecodeException e) {
        return ApiException.badRequest(kind + " in version \"" + type.custom().version() + "\" cannot be handled as a "
                + type.kind() + ": " + e.getMessage());
    }
}
