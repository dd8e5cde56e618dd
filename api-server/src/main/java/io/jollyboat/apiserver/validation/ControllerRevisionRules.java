package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apps.v1.ControllerRevision;
import io.jollyboat.values.Names;
import java.nio.charset.StandardCharsets;

/** The rules of controller revisions. */
final class ControllerRevisionRules {
    private ControllerRevisionRules() {}

    static void create(Errors errors, ControllerRevision revision) {
        common(errors, revision);
        String data = data(revision).strip();
        if (data.isEmpty() || data.equals("null")) {
            errors.required("data", "data is mandatory");
        } else if (!data.startsWith("{")) {
            errors.required("data", "data must be a valid JSON object");
        }
    }

    static void update(Errors errors, ControllerRevision revision, ControllerRevision old) {
        MetaRules.checkUpdate(errors, revision.getMetadata(), old.getMetadata(), "metadata");
        common(errors, revision);
        if (!data(revision).equals(data(old))) {
            errors.invalid("data", Errors.bare(data(revision)), "field is immutable");
        }
    }

    private static void common(Errors errors, ControllerRevision revision) {
        MetaRules.check(errors, revision.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        errors.notNegative("revision", revision.getRevision());
    }

    private static String data(ControllerRevision revision) {
        return revision.getData().getRaw().toString(StandardCharsets.UTF_8);
    }
}
