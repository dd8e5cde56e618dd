package io.jollyboat.apiserver.aggregation;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.objects.ObjectRef;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.outbound.HttpCaller.Answer;
import io.jollyboat.apiserver.outbound.HttpCaller.Streamed;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Objects of other API servers, asked for in the caller's name over REST, and handed on in the form of custom objects:
 * for components, which know no other door than this server's.
 */
public final class RemoteObjects {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int MAX_BYTES = 64 * 1024 * 1024;
    private static final int MAX_ERROR_BYTES = 64 * 1024;

    private final ApiServices services;
    private final ServedKinds kinds;
    private final HttpCaller caller;

    RemoteObjects(ApiServices services, ServedKinds kinds, HttpCaller caller) {
        this.services = services;
        this.kinds = kinds;
        this.caller = caller;
    }

    /**
     * One request.
     *
     * @param query names and values
     * @param contentType of the body; empty for none
     */
    public record Request(
            UserInfo user,
            String method,
            ObjectRef ref,
            Map<String, String> query,
            String contentType,
            ByteString body) {

        /** Without a body. */
        public static Request of(UserInfo user, String method, ObjectRef ref, Map<String, String> query) {
            return new Request(user, method, ref, query, "", ByteString.EMPTY);
        }
    }

    /** The server that serves the resource; null where it is this one, as for all kinds that are built in. */
    public RemoteApi find(ObjectRef ref) {
        if (ref.getGroup().isEmpty() || services.state().remote().isEmpty()) {
            return null;
        }
        RemoteApi api = services.state().remote().get(ApiServiceNames.of(ref.getGroup(), ref.getVersion()));
        boolean builtIn = api != null
                && kinds.resources(ref.getGroup(), ref.getVersion()).stream().anyMatch(type -> !type.isCustom());
        return builtIn ? null : api;
    }

    /**
     * The whole answer, an object or a list.
     *
     * @throws ApiException the other server's, or 503 where there is no answer
     */
    public JsonNode call(RemoteApi api, Request request) throws InterruptedException {
        check(api);
        try {
            Answer answer = request.method().equals("GET")
                    ? caller.call(api.server().peer(), "GET", path(request), headers(request), null, TIME, MAX_BYTES)
                    : caller.callOnce(
                            api.server().peer(),
                            request.method(),
                            path(request),
                            headers(request),
                            request.body().toByteArray(),
                            TIME,
                            MAX_BYTES);
            byte[] body = answer.body().toByteArray();
            if (answer.head().code() >= 300) {
                throw failure(answer.head().code(), body);
            }
            return MAPPER.readTree(body);
        } catch (CallException e) {
            throw unreachable(e.getMessage());
        } catch (JacksonException e) {
            throw ApiException.internal(
                    "the answer of " + api.server().name() + " is not JSON: " + e.getOriginalMessage());
        }
    }

    /** The events from now on; ends when it is given up, by which it must be closed too. */
    public RemoteEvents watch(RemoteApi api, Request request, HttpCaller.Giving giving) {
        check(api);
        try {
            Streamed answer = caller.again(api.server().peer(), "GET", path(request), headers(request), giving);
            if (answer.head().code() == 200) {
                return new RemoteEvents(answer);
            }
            try (answer) {
                throw failure(answer.head().code(), answer.body().readNBytes(MAX_ERROR_BYTES));
            }
        } catch (CallException | IOException e) {
            throw unreachable(e.getMessage());
        }
    }

    /** @throws ApiException 500 for what is no object */
    public static CustomObject object(JsonNode json) {
        try {
            return JsonCodec.decode(json, CustomObject.getDefaultInstance(), Strictness.IGNORE)
                    .message();
        } catch (DecodeException e) {
            throw ApiException.internal("an object of another server cannot be read: " + e.getMessage());
        }
    }

    /** As the other server is to have it. */
    public static ByteString json(ObjectRef ref, ByteString object, String kind) {
        try {
            return ByteString.copyFrom(
                    JsonCodec.encode(CustomObject.parseFrom(object), ref.getGroup() + "/" + ref.getVersion(), kind));
        } catch (InvalidProtocolBufferException e) {
            throw ApiException.badRequest("the object provided is unrecognized: " + e.getMessage());
        }
    }

    private static void check(RemoteApi api) {
        if (!api.available() || api.server().peer() == null) {
            throw unreachable("service unavailable");
        }
    }

    private static ApiException unreachable(String why) {
        return ApiException.of(503, "ServiceUnavailable", "error trying to reach service: " + why);
    }

    /** What the other server says, as far as it can be understood. */
    private static ApiException failure(int code, byte[] body) {
        try {
            Status status = JsonCodec.decode(body, Status.getDefaultInstance(), Strictness.IGNORE)
                    .message();
            if (status.getCode() != 0) {
                return new ApiException(status);
            }
        } catch (DecodeException e) {
            // Not a Status: told as it came, below.
        }
        String text = new String(body, StandardCharsets.UTF_8).strip();
        return ApiException.of(code, "", text.isEmpty() ? "code " + code : text);
    }

    private static List<Map.Entry<String, String>> headers(Request request) {
        List<Map.Entry<String, String>> headers = new ArrayList<>(ProxyHeaders.of(request.user()));
        headers.add(Map.entry("Accept", "application/json"));
        headers.add(Map.entry("User-Agent", "kube-aggregator"));
        if (!request.contentType().isEmpty()) {
            headers.add(Map.entry("Content-Type", request.contentType()));
        }
        return headers;
    }

    private static String path(Request request) {
        ObjectRef ref = request.ref();
        StringBuilder path = new StringBuilder("/apis");
        segment(path, ref.getGroup());
        segment(path, ref.getVersion());
        if (!ref.getNamespace().isEmpty()) {
            path.append("/namespaces");
            segment(path, ref.getNamespace());
        }
        segment(path, ref.getResource());
        segment(path, ref.getName());
        segment(path, ref.getSubresource());
        char before = '?';
        for (Map.Entry<String, String> parameter : request.query().entrySet()) {
            path.append(before).append(parameter.getKey()).append('=').append(encoded(parameter.getValue()));
            before = '&';
        }
        return path.toString();
    }

    /** What would lead to another place than the one that the caller has rights on is refused. */
    private static void segment(StringBuilder path, String name) {
        if (name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf('%') >= 0) {
            throw ApiException.badRequest("invalid path segment \"" + name + "\"");
        }
        if (!name.isEmpty()) {
            path.append('/').append(encoded(name));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
