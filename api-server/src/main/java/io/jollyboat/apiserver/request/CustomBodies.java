package io.jollyboat.apiserver.request;

import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.apiserver.custom.CustomRules;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Custom objects as clients send them: what the schema does not know goes, or is refused. */
public final class CustomBodies {
    private CustomBodies() {}

    /**
     * A decoded body without unknown fields.
     *
     * @param problems what was found before; takes the unknown fields
     * @throws DecodeException of the stage STRICT where the call allows no problems
     */
    public static CustomObject pruned(
            ResourceType<?> type, CustomObject object, Strictness strictness, List<String> problems) {
        CustomObject known = CustomRules.pruned(type, object, path -> problems.add("unknown field \"" + path + "\""));
        if (strictness == Strictness.IGNORE) {
            problems.clear();
        }
        if (strictness == Strictness.STRICT && !problems.isEmpty()) {
            throw new DecodeException(
                    DecodeException.Stage.STRICT, "strict decoding error: " + String.join(", ", problems));
        }
        return known;
    }

    /** The result of a patch without unknown fields. */
    static CustomObject pruned(Call call, ResourceType<?> type, CustomObject patched) {
        List<String> problems = new ArrayList<>();
        try {
            CustomObject known = pruned(type, patched, call.fieldValidation(), problems);
            problems.forEach(call::warn);
            return known;
        } catch (DecodeException e) {
            String shown =
                    new String(JsonCodec.encode(patched, type.apiVersion(), type.kind()), StandardCharsets.UTF_8);
            FieldError error = FieldError.invalid("patch", shown, e.getMessage());
            ApiException plain = ApiException.invalid(type, "", List.of(error));
            throw new ApiException(plain.status().toBuilder()
                    .setMessage(" \"\" is invalid: " + error)
                    .setDetails(
                            plain.status().getDetails().toBuilder().clearKind().clearGroup())
                    .build());
        }
    }
}
