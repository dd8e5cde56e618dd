package io.jollyboat.apiserver.managed;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.apiserver.managed.Managers.ManagerId;
import io.jollyboat.errors.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What others own and the applied object would change, by owner. */
record Conflicts(Map<ManagerId, FieldSet> byOwner) {
    /** Without the fields, whoever owns them. */
    Conflicts without(FieldSet fields) {
        Map<ManagerId, FieldSet> rest = new TreeMap<>();
        byOwner.forEach((id, owned) -> {
            FieldSet left = owned.difference(fields);
            if (!left.isEmpty()) {
                rest.put(id, left);
            }
        });
        return new Conflicts(rest);
    }

    boolean isEmpty() {
        return byOwner.isEmpty();
    }

    ApiException failure() {
        StatusDetails.Builder details = StatusDetails.newBuilder();
        List<String> lines = new ArrayList<>();
        byOwner.forEach((id, fields) -> {
            lines.add("conflicts with " + id + ":");
            fields.forEach(path -> {
                lines.add("- " + FieldSet.shown(path));
                details.addCauses(StatusCause.newBuilder()
                        .setReason("FieldManagerConflict")
                        .setMessage("conflict with " + id)
                        .setField(FieldSet.shown(path)));
            });
        });
        int count = details.getCausesCount();
        String message = count == 1
                ? "Apply failed with 1 conflict: " + details.getCauses(0).getMessage() + ": "
                        + details.getCauses(0).getField()
                : "Apply failed with " + count + " conflicts: " + String.join("\n", lines);
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage(message)
                .setReason("Conflict")
                .setDetails(details)
                .setCode(409)
                .build());
    }
}
