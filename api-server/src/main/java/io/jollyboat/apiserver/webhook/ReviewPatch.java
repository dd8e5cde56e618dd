package io.jollyboat.apiserver.webhook;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.admission.ObjectKind;
import io.jollyboat.apiserver.patch.PatchFault;
import io.jollyboat.apiserver.patch.StrictPatch;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON patch of a webhook's answer. Unlike a client, its author is told what does not fit. */
final class ReviewPatch {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonMapper SORTED =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private final JsonNode operations;

    private ReviewPatch(JsonNode operations) {
        this.operations = operations;
    }

    static ReviewPatch read(String hook, byte[] patch) throws HookFailure {
        String prefix = "received undecodable patch in webhook response: ";
        try {
            JsonNode read = JSON.readTree(patch);
            if (!read.isArray() && !read.isNull()) {
                String type =
                        read.isObject() ? "object" : read.isString() ? "string" : read.isNumber() ? "number" : "bool";
                throw new HookFailure(
                        hook, prefix + "json: cannot unmarshal " + type + " into Go value of type jsonpatch.Patch");
            }
            for (JsonNode operation : read) {
                if (!operation.isObject()) {
                    throw new HookFailure(
                            hook, prefix + "json: cannot unmarshal into Go value of type jsonpatch.Operation");
                }
            }
            return new ReviewPatch(read);
        } catch (JacksonException e) {
            String first = HookClient.utf8(patch).stripLeading();
            boolean begun = first.startsWith("[") || first.startsWith("{") || first.isEmpty();
            throw new HookFailure(
                    hook,
                    prefix
                            + (begun
                                    ? "unexpected end of JSON input"
                                    : "invalid character '" + first.charAt(0) + "' looking for beginning of value"));
        }
    }

    boolean isEmpty() {
        return operations.isEmpty();
    }

    /** The operations as JSON, their fields in the order of their names. */
    String text() {
        return SORTED.writeValueAsString(operations);
    }

    /** ApiException 500 where the patch does not fit the object. */
    Message apply(Message object, ObjectKind kind) {
        JsonNode document = JsonCodec.toTree(object, kind.apiVersion(), kind.kind());
        try {
            return JsonCodec.decode(
                            StrictPatch.apply(document, operations),
                            object.getDefaultInstanceForType(),
                            Strictness.IGNORE)
                    .message();
        } catch (PatchFault | DecodeException e) {
            throw ApiException.internal(e.getMessage());
        }
    }
}
