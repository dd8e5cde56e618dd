package io.jollyboat.apiserver.policy;

import com.google.protobuf.Message;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.apiserver.admission.ObjectKind;
import io.jollyboat.apiserver.patch.PatchFault;
import io.jollyboat.apiserver.patch.StrictPatch;
import io.jollyboat.cel.ConstructedTypes;
import io.jollyboat.cel.EvalError;
import io.jollyboat.cel.Values;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON patch that an expression gives. */
final class PolicyPatch {
    private PolicyPatch() {}

    /**
     * The patched object; the same where a test of the patch says no.
     *
     * @param operations a list of JSONPatch objects
     * @throws ApiException 500 where what results is no such object
     */
    static Message apply(Object operations, Message object, ObjectKind kind) throws PolicyFailure {
        ArrayNode patch = operations(operations);
        JsonNode patched;
        try {
            patched = StrictPatch.apply(JsonCodec.toTree(object, kind.apiVersion(), kind.kind()), patch);
        } catch (PatchFault e) {
            if (e.isFailedTest()) {
                return object;
            }
            throw new PolicyFailure("JSON Patch: " + e.getMessage());
        }
        Strictness strictness = object instanceof CustomObject ? Strictness.IGNORE : Strictness.STRICT;
        try {
            return JsonCodec.decode(patched, object.getDefaultInstanceForType(), strictness)
                    .message();
        } catch (DecodeException e) {
            throw ApiException.internal(e.getMessage());
        }
    }

    private static ArrayNode operations(Object value) throws PolicyFailure {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (Object element : (List<?>) value) {
            Map<?, ?> operation = (Map<?, ?>) element;
            ObjectNode written = patch.addObject();
            written.put("op", text(operation, "op"));
            written.put("path", text(operation, "path"));
            if (!text(operation, "from").isEmpty()) {
                written.put("from", text(operation, "from"));
            }
            if (operation.containsKey("value")) {
                written.set("value", value(operation.get("value")));
            }
        }
        return patch;
    }

    private static String text(Map<?, ?> operation, String field) {
        return operation.get(field) instanceof String text ? text : "";
    }

    private static JsonNode value(Object value) throws PolicyFailure {
        String misplaced = ConstructedTypes.misplaced(value);
        if (misplaced != null) {
            throw new PolicyFailure("type mismatch: " + misplaced);
        }
        try {
            return Values.toJson(value);
        } catch (EvalError e) {
            throw new PolicyFailure(
                    "JSONPath valueExpression evaluated to a type that could not marshal to JSON: " + e.getMessage());
        }
    }
}
