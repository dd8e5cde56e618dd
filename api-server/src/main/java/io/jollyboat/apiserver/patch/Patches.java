package io.jollyboat.apiserver.patch;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.managed.ResetMark;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.Decoded;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.JsonDuplicates;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Applies patches. Nothing but the patch decides: no defaults, no checks of the result. */
public final class Patches {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Patches() {}

    /**
     * The object with the patch applied.
     *
     * @throws ApiException as upstream answers
     */
    public static <T extends Message> Patched<T> apply(
            T current, String apiVersion, String kind, PatchForm form, byte[] patch, Strictness strictness) {
        List<String> problems = new ArrayList<>();
        JsonNode document = read(form, patch, strictness, problems);
        ObjectNode object = (ObjectNode) JsonCodec.toTree(current, apiVersion, kind);
        ObjectNode patched = switch (form) {
            case JSON -> JsonPatch.apply(object, document);
            case MERGE -> (ObjectNode) MergePatch.apply(object, document);
            case STRATEGIC_MERGE -> strategic(current, object, (ObjectNode) document);
        };
        String shown = form == PatchForm.STRATEGIC_MERGE ? GoText.of(document) : sorted(patched);
        if (form != PatchForm.STRATEGIC_MERGE) {
            checkType(current, apiVersion, kind, patched, shown);
        }
        ResetMark.mark(patched);
        Decoded<T> decoded;
        try {
            decoded = JsonCodec.decode(
                    patched, current, strictness == Strictness.IGNORE ? Strictness.IGNORE : Strictness.WARN);
        } catch (DecodeException e) {
            throw invalid(
                    shown, form == PatchForm.STRATEGIC_MERGE ? GoText.conversion(e.getMessage()) : e.getMessage());
        }
        problems.addAll(decoded.warnings());
        if (strictness == Strictness.STRICT && !problems.isEmpty()) {
            throw invalid(shown, "strict decoding error: " + String.join(", ", problems));
        }
        return new Patched<>(decoded.message(), List.copyOf(problems));
    }

    private static ObjectNode strategic(Message current, ObjectNode object, ObjectNode patch) {
        try {
            return new StrategicMerge().apply(object, patch.deepCopy(), current.getDescriptorForType());
        } catch (StrategicMerge.BadPatch e) {
            throw e.code() == 400 ? ApiException.badRequest(e.getMessage()) : ApiException.of(500, "", e.getMessage());
        }
    }

    private static JsonNode read(PatchForm form, byte[] patch, Strictness strictness, List<String> problems) {
        String wanted = form == PatchForm.JSON ? "[]handlers.jsonPatchOp" : "map[string]interface {}";
        String prefix = form == PatchForm.STRATEGIC_MERGE ? "" : "error decoding patch: ";
        List<String> duplicates;
        try {
            duplicates = JsonDuplicates.find(patch);
        } catch (DecodeException e) {
            throw ApiException.badRequest(prefix + e.getMessage());
        }
        // As text: bytes that are no UTF-8 are replaced, as Go does.
        JsonNode document = MAPPER.readTree(new String(patch, StandardCharsets.UTF_8));
        if (document.isNull() && form == PatchForm.MERGE) {
            throw ApiException.badRequest("Invalid JSON Patch");
        }
        if (document.isNull() && form == PatchForm.STRATEGIC_MERGE) {
            document = MAPPER.createObjectNode();
        }
        if (form == PatchForm.JSON ? !document.isArray() : !document.isObject()) {
            throw ApiException.badRequest(
                    prefix + "json: cannot unmarshal " + GoText.kind(document) + " into Go value of type " + wanted);
        }
        if (strictness != Strictness.IGNORE) {
            String what = form == PatchForm.JSON ? "json patch " : "";
            duplicates.forEach(duplicate -> problems.add(what + duplicate));
            if (form == PatchForm.JSON) {
                problems.addAll(JsonPatch.unknownFields(document));
            }
        }
        return document;
    }

    /** A patch that makes another kind of the object fails as decoding that would. */
    private static void checkType(Message current, String apiVersion, String kind, JsonNode patched, String shown) {
        String version = patched.path("apiVersion").asString("");
        String name = patched.path("kind").asString("");
        if (version.equals(apiVersion) && name.equals(kind)) {
            return;
        }
        Optional<ResourceType<?>> other = Kinds.builtIn().byKind(version, name);
        if (other.isEmpty()) {
            throw invalid(
                    shown,
                    "no kind \"" + name + "\" is registered for version \"" + version
                            + "\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"");
        }
        try {
            JsonCodec.decode(patched, (Message) other.get().prototype(), Strictness.IGNORE);
        } catch (DecodeException e) {
            throw invalid(shown, e.getMessage());
        }
        String internal = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "core";
        throw invalid(
                shown,
                "converting (" + version.substring(version.indexOf('/') + 1) + "." + name + ") to (" + internal + "."
                        + current.getDescriptorForType().getName() + "): unknown conversion");
    }

    private static ApiException invalid(String shown, String problem) {
        FieldError error = FieldError.invalid("patch", shown, problem);
        ApiException plain = ApiException.invalid(
                io.jollyboat.kinds.Kinds.of(io.jollyboat.api.core.v1.Pod.class), "", List.of(error));
        return new ApiException(plain.status().toBuilder()
                .setMessage(" \"\" is invalid: " + error)
                .setDetails(plain.status().getDetails().toBuilder().clearKind())
                .build());
    }

    private static String sorted(ObjectNode object) {
        TreeMap<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
        ObjectNode sorted = MAPPER.createObjectNode();
        fields.forEach(sorted::set);
        return sorted.toString();
    }
}
