package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.apiserver.admission.ObjectKind;
import io.jollyboat.kinds.ResourceType;

/** As what admission sees an object that is changed: as it is, or as the body of the subresource it is changed through. */
enum AdmissionView {
    OBJECT,
    /** The replicas alone. */
    SCALE,
    /** Not at all: the subresource's body has been admitted before. */
    NOTHING;

    private static final ObjectKind SCALE_KIND = ObjectKind.of("autoscaling/v1", "Scale");

    static AdmissionView of(Target target) {
        return switch (target.subresource()) {
            case "scale" -> SCALE;
            case "binding" -> NOTHING;
            default -> OBJECT;
        };
    }

    /** Null for the object's own. */
    ObjectKind kind() {
        return this == SCALE ? SCALE_KIND : null;
    }

    /** @param object null stays null */
    Message shown(ResourceType<?> type, Message object) {
        return this == SCALE && object != null ? Scales.of(type, object) : object;
    }

    /** The object after what was shown became another. */
    Message changed(ResourceType<?> type, Message object, Message shown) {
        return this == SCALE ? Scales.applied(type, object, before -> (Scale) shown) : shown;
    }
}
