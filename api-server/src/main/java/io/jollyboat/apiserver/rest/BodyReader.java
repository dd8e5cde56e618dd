package io.jollyboat.apiserver.rest;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.runtime.TypeMeta;
import io.jollyboat.api.runtime.Unknown;
import io.jollyboat.apiserver.managed.ResetMark;
import io.jollyboat.apiserver.request.BodyType;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.Decoded;
import io.jollyboat.codec.Envelope;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Normalizer;
import io.jollyboat.codec.Strictness;
import io.jollyboat.codec.YamlCodec;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Decodes the bodies of requests; 400 with upstream's texts where that fails. */
final class BodyReader {
    private static final int SHOWN_BYTES = 30;
    private static final String GO_TYPE = "Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty"
            + "\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";
    /** What upstream calls the place where it registers most kinds, and those of two groups that stand apart. */
    private static final String SCHEME = "pkg/api/legacyscheme/scheme.go:30";

    private static final Map<String, String> OTHER_SCHEMES = Map.of(
            "apiextensions.k8s.io", "k8s.io/apiextensions-apiserver/pkg/apiserver/apiserver.go:55",
            "apiregistration.k8s.io", "k8s.io/kube-aggregator/pkg/apiserver/scheme/scheme.go:28");

    private static final String OPTIONS_SCHEME =
            "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private BodyReader() {}

    static Message read(byte[] body, Format format, BodyType type, Call call) {
        if (type.custom() != null) {
            return CustomReader.read(body, format, type, call);
        }
        Decoded<? extends Message> decoded;
        try {
            decoded = decode(body, format, type.prototype(), call.fieldValidation());
        } catch (DecodeException e) {
            throw failure(body, format, type, e);
        }
        checkKind(new Head(decoded.apiVersion(), decoded.kind()), type);
        decoded.warnings().forEach(call::warn);
        return switch (format) {
            case JSON -> ResetMark.marked(decoded.message(), body, () -> MAPPER.readTree(body));
            case YAML -> ResetMark.marked(decoded.message(), body, () -> YamlCodec.tree(body, new ArrayList<>()));
            case PROTOBUF -> decoded.message(); // cannot tell an empty list from none either
        };
    }

    private static ApiException failure(byte[] body, Format format, BodyType type, DecodeException e) {
        if (e.stage() == DecodeException.Stage.SYNTAX) {
            return unrecognized(body, format, type, e);
        }
        try {
            Head head = head(body, format);
            checkKind(head, type);
            return cannotBe(head, type, e.getMessage());
        } catch (DecodeException headless) {
            return unrecognized(body, format, type, headless);
        }
    }

    /** The options of a deletion; defaults where there is no body. */
    static DeleteOptions deleteOptions(byte[] body, Format format) {
        if (body.length == 0) {
            return DeleteOptions.getDefaultInstance();
        }
        try {
            Head head = head(body, format);
            if (!head.kind.isEmpty() && !head.kind.equals("DeleteOptions")) {
                throw ApiException.badRequest(notRegistered(head, OPTIONS_SCHEME));
            }
            return (DeleteOptions) decode(body, format, DeleteOptions.getDefaultInstance(), Strictness.IGNORE)
                    .message();
        } catch (DecodeException e) {
            throw ApiException.badRequest(syntaxText(format, e));
        }
    }

    static Decoded<? extends Message> decode(byte[] body, Format format, Message prototype, Strictness strictness) {
        return switch (format) {
            case JSON -> JsonCodec.decode(body, prototype, strictness);
            case YAML -> YamlCodec.decode(body, prototype, strictness);
            case PROTOBUF -> fromProtobuf(body, prototype);
        };
    }

    private static Decoded<Message> fromProtobuf(byte[] body, Message prototype) {
        Unknown envelope = envelope(body);
        // Go writes zeros where nothing is set: the same as leaving them out.
        return new Decoded<>(
                Normalizer.parse(prototype, envelope.getRaw()),
                envelope.getTypeMeta().getApiVersion(),
                envelope.getTypeMeta().getKind(),
                java.util.List.of());
    }

    private static Unknown envelope(byte[] body) {
        if (body.length == 0) {
            throw new DecodeException(DecodeException.Stage.SYNTAX, "empty data");
        }
        if (body.length == 4 && Envelope.isEnvelope(body)) {
            throw new DecodeException(DecodeException.Stage.SYNTAX, "empty body");
        }
        return Envelope.unwrap(body);
    }

    private record Head(String apiVersion, String kind) {
        Head or(BodyType type) {
            return new Head(apiVersion.isEmpty() ? type.apiVersion() : apiVersion, kind.isEmpty() ? type.kind() : kind);
        }

        String version() {
            return apiVersion.substring(apiVersion.indexOf('/') + 1);
        }
    }

    /** Reads nothing but what kind of object it is. */
    private static Head head(byte[] body, Format format) {
        Decoded<? extends Message> head = switch (format) {
            case JSON -> JsonCodec.decode(body, TypeMeta.getDefaultInstance(), Strictness.IGNORE);
            case YAML -> YamlCodec.decode(body, TypeMeta.getDefaultInstance(), Strictness.IGNORE);
            case PROTOBUF -> fromProtobuf(body, DeleteOptions.getDefaultInstance());
        };
        return head.message() instanceof TypeMeta meta && head.kind().isEmpty()
                ? new Head(meta.getApiVersion(), meta.getKind())
                : new Head(head.apiVersion(), head.kind());
    }

    private static void checkKind(Head given, BodyType type) {
        Head head = given.or(type);
        if (head.apiVersion.equals(type.apiVersion()) && head.kind.equals(type.kind())) {
            return;
        }
        if (type.kind().equals("Eviction") && head.kind.equals("Eviction") && head.apiVersion.startsWith("policy/")) {
            return;
        }
        boolean retired = RetiredVersions.know(head.apiVersion, head.kind);
        String scheme = OTHER_SCHEMES.getOrDefault(group(type.apiVersion()), SCHEME);
        boolean known = scheme.equals(OTHER_SCHEMES.getOrDefault(group(head.apiVersion), SCHEME))
                && (retired
                        || Kinds.builtIn().byKind(head.apiVersion, head.kind).isPresent());
        if (!known) {
            throw cannotBe(head, type, notRegistered(head, scheme));
        }
        // What was in the group extensions is in others now.
        boolean sameGroup = group(head.apiVersion).equals(group(type.apiVersion()))
                || (retired && group(head.apiVersion).equals("extensions"));
        if (head.kind.equals(type.kind()) && sameGroup) {
            throw ApiException.badRequest("the API version in the data (" + head.apiVersion
                    + ") does not match the expected API version (" + type.apiVersion() + ")");
        }
        throw cannotBe(
                head,
                type,
                "converting (" + head.version() + "." + head.kind + ") to (" + internalName(type.apiVersion()) + "."
                        + type.kind() + "): unknown conversion");
    }

    private static String notRegistered(Head head, String scheme) {
        return "no kind \"" + head.kind + "\" is registered for version \"" + head.apiVersion + "\" in scheme \""
                + scheme + "\"";
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /** How upstream calls the package of a group's internal types. */
    private static String internalName(String apiVersion) {
        String group = group(apiVersion);
        int dot = group.indexOf('.');
        return group.isEmpty() ? "core" : dot < 0 ? group : group.substring(0, dot);
    }

    private static ApiException cannotBe(Head given, BodyType type, String why) {
        Head head = given.or(type);
        return ApiException.badRequest(head.kind + " in version \"" + head.version() + "\" cannot be handled as a "
                + type.kind() + ": " + why);
    }

    static ApiException unrecognized(byte[] body, Format format, BodyType type, DecodeException e) {
        return ApiException.badRequest("the object provided is unrecognized (must be of type " + type.kind() + "): "
                + syntaxText(format, e) + " (" + shown(body) + ")");
    }

    private static String syntaxText(Format format, DecodeException e) {
        return switch (format) {
            case JSON ->
                e.getMessage().startsWith("Object 'Kind'")
                        ? e.getMessage()
                        : "couldn't get version/kind; json parse error: "
                                + e.getMessage().replace("Go value of type runtime.TypeMeta", GO_TYPE);
            case YAML -> e.getMessage();
            case PROTOBUF ->
                e.getMessage().startsWith("provided") || e.getMessage().startsWith("empty")
                        ? e.getMessage()
                        : "unexpected EOF";
        };
    }

    private static String shown(byte[] body) {
        if (body.length == 0) {
            return "<empty>";
        }
        boolean cut = body.length > SHOWN_BYTES;
        int length = cut ? SHOWN_BYTES : body.length;
        String text = body[0] == '{'
                ? new String(body, 0, length, StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(body, 0, length);
        return cut ? text + " ..." : text;
    }
}
