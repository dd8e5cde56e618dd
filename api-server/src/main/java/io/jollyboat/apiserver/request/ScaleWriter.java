package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.function.UnaryOperator;

/** Writes to the scale subresource of any kind: they are answered with the scale, not with the object. */
final class ScaleWriter {
    private final ObjectWriter writer;
    private final Conversions conversions;
    private final FieldOwners owners;

    ScaleWriter(ObjectWriter writer, Conversions conversions, FieldOwners owners) {
        this.writer = writer;
        this.conversions = conversions;
        this.owners = owners;
    }

    Written update(Call call, Target target, UnaryOperator<Scale> change) {
        UnaryOperator<Scale> checked = present -> {
            Scale scale = change.apply(present);
            checkReplicas(target, scale);
            return scale;
        };
        Written written = writer.update(
                call,
                target,
                // A custom object's replicas are checked by its schema and its rules.
                (ignored, old) -> Scales.applied(target.type(), old, old instanceof CustomObject ? change : checked));
        return answer(target.type(), written);
    }

    /**
     * @param yaml or JSON, which is YAML too
     * @param force takes from others what they own
     */
    Written apply(Call call, Target target, byte[] yaml, boolean force) {
        Written written = writer.update(call.untracked(), target, (ignored, old) -> {
            AppliedBody body = AppliedBody.read(yaml);
            Message scaled = owners.appliedScale(call, target, old, body.tree(), force);
            body.tell(call);
            checkReplicas(target, Scales.of(target.type(), scaled));
            return scaled;
        });
        return answer(target.type(), written);
    }

    private Written answer(ResourceType<?> type, Written written) {
        Message object = written.entry() == null ? written.object() : conversions.served(type, written.entry());
        return Written.of(Scales.of(type, object), false);
    }

    private static void checkReplicas(Target target, Scale scale) {
        if (scale.getSpec().getReplicas() < 0) {
            FieldError error = FieldError.invalid(
                    "spec.replicas", scale.getSpec().getReplicas(), "must be greater than or equal to 0");
            throw Failures.invalid("autoscaling", "Scale", target.name(), List.of(error));
        }
    }
}
