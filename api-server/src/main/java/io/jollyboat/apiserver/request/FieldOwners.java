package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.api.meta.v1.ManagedFieldsEntry;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.custom.ScalePaths;
import io.jollyboat.apiserver.managed.FieldTracking;
import io.jollyboat.apiserver.managed.FieldTracking.Applied;
import io.jollyboat.apiserver.managed.FieldTracking.Write;
import io.jollyboat.apiserver.managed.ScaleFields;
import io.jollyboat.apiserver.managed.Schemas;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Keeps in {@code metadata.managedFields} who set which field. */
final class FieldOwners {
    private final Runtime runtime;
    private final Schemas schemas;

    FieldOwners(Runtime runtime, Schemas schemas) {
        this.runtime = runtime;
        this.schemas = schemas;
    }

    private Time now() {
        return Times.time(runtime.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private Write write(Call call, Target target) {
        return new Write(schemas.of(target.type()), target.subresource(), call.fieldManager(), now());
    }

    /** A new object with its owner. */
    Message created(Call call, Target target, Message object) {
        if (!call.tracked()) {
            return object;
        }
        ResourceType<?> type = target.type();
        List<ManagedFieldsEntry> given = type.meta(object).getManagedFieldsList();
        return with(type, object, FieldTracking.created(write(call, target), without(type, object), given));
    }

    /**
     * A changed object with its owners.
     *
     * @param wanted as the client means it
     */
    Message updated(Call call, Target target, Message wanted, Message old) {
        ResourceType<?> type = target.type();
        if (!call.tracked()) {
            return wanted;
        }
        List<ManagedFieldsEntry> before = type.meta(old).getManagedFieldsList();
        List<ManagedFieldsEntry> given = type.meta(wanted).getManagedFieldsList();
        if (before.isEmpty() && given.isEmpty()) {
            return wanted; // What is not tracked stays so until the first apply.
        }
        if (target.subresource().equals("scale")) {
            return with(type, wanted, scaled(call, target, wanted, old));
        }
        return with(
                type,
                wanted,
                FieldTracking.updated(write(call, target), without(type, old), before, without(type, wanted), given));
    }

    private List<ManagedFieldsEntry> scaled(Call call, Target target, Message wanted, Message old) {
        ResourceType<?> type = target.type();
        ScaleFields fields = scaleFields(type, old);
        List<ManagedFieldsEntry> scale = FieldTracking.updated(
                new Write(Schemas.scale(), "scale", call.fieldManager(), now()),
                Scales.of(type, old),
                fields.ofScale(),
                Scales.of(type, wanted),
                List.of());
        return fields.ofParent(scale);
    }

    private static ScaleFields scaleFields(ResourceType<?> type, Message object) {
        Map<String, List<String>> replicas = new HashMap<>();
        if (type.isCustom()) {
            CustomVersion.of(type)
                    .definition()
                    .versions()
                    .forEach(version -> replicas.put(
                            version.type().apiVersion(),
                            version.scale().map(ScalePaths::replicas).orElse(List.of())));
        } else {
            replicas.put(type.apiVersion(), List.of("spec", "replicas"));
        }
        return new ScaleFields(type.meta(object).getManagedFieldsList(), type.apiVersion(), replicas);
    }

    /**
     * The object after an apply, with its owners.
     *
     * @param live null where there is none
     */
    Message applied(Call call, Target target, Message live, JsonNode body, boolean force) {
        ResourceType<?> type = target.type();
        List<ManagedFieldsEntry> before =
                live == null ? List.of() : type.meta(live).getManagedFieldsList();
        Message old = live == null ? null : without(type, live);
        Applied applied = FieldTracking.applied(write(call, target), old, before, body, force);
        return with(type, applied.object(), applied.entries());
    }

    /** The object with an applied scale, and with its owners. */
    Message appliedScale(Call call, Target target, Message live, JsonNode body, boolean force) {
        ResourceType<?> type = target.type();
        ScaleFields fields = scaleFields(type, live);
        Write write = new Write(Schemas.scale(), "scale", call.fieldManager(), now());
        Applied applied = FieldTracking.applied(write, Scales.of(type, live), fields.ofScale(), body, force);
        Message object = Scales.applied(type, live, present -> (Scale) applied.object());
        return with(type, object, fields.ofParent(applied.entries()));
    }

    /** What admission left, with the owners as they were where it spoilt them. */
    static Message checked(Call call, ResourceType<?> type, Message admitted, Message before) {
        List<ManagedFieldsEntry> entries = type.meta(admitted).getManagedFieldsList();
        List<ManagedFieldsEntry> known = type.meta(before).getManagedFieldsList();
        if (entries.equals(known)) {
            return admitted;
        }
        String fault = FieldTracking.fault(entries);
        if (fault == null) {
            return admitted;
        }
        call.warn(".metadata.managedFields was in an invalid state after admission; this could be caused by an outdated"
                + " mutating admission controller; please fix your requests: " + fault);
        return with(type, admitted, known);
    }

    /** The object as it was where nothing but a time in its managed fields changed. */
    static Message settled(ResourceType<?> type, Message object, Message old) {
        List<ManagedFieldsEntry> before = type.meta(old).getManagedFieldsList();
        if (!FieldTracking.differInTime(type.meta(object).getManagedFieldsList(), before)) {
            return object;
        }
        return with(type, object, before).equals(old) ? old : object;
    }

    /** The object with the owners of another. */
    static Message kept(ResourceType<?> type, Message object, Message other) {
        return with(type, object, type.meta(other).getManagedFieldsList());
    }

    private static Message without(ResourceType<?> type, Message object) {
        ObjectMeta meta = type.meta(object);
        return meta.getManagedFieldsCount() == 0
                ? object
                : type.withMeta(object, meta.toBuilder().clearManagedFields().build());
    }

    private static Message with(ResourceType<?> type, Message object, List<ManagedFieldsEntry> entries) {
        ObjectMeta meta = type.meta(object);
        return meta.getManagedFieldsList().equals(entries)
                ? object
                : type.withMeta(
                        object,
                        meta.toBuilder()
                                .clearManagedFields()
                                .addAllManagedFields(entries)
                                .build());
    }
}
