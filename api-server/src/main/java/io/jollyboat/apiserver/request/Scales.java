package io.jollyboat.apiserver.request;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.StatefulSet;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.api.autoscaling.v1.ScaleSpec;
import io.jollyboat.api.autoscaling.v1.ScaleStatus;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.custom.ScalePaths;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.selectors.LabelSelectors;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The scale subresource: the replicas of an object, custom or not, without the rest of it. */
final class Scales {
    private Scales() {}

    static Scale of(ResourceType<?> type, Message object) {
        if (object instanceof CustomObject custom) {
            return paths(type).scale(custom);
        }
        ObjectMeta meta = type.meta(object);
        return Scale.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setName(meta.getName())
                        .setNamespace(meta.getNamespace())
                        .setUid(meta.getUid())
                        .setResourceVersion(meta.getResourceVersion())
                        .setCreationTimestamp(meta.getCreationTimestamp()))
                .setSpec(ScaleSpec.newBuilder().setReplicas(replicas(object, "spec")))
                .setStatus(ScaleStatus.newBuilder()
                        .setReplicas(replicas(object, "status"))
                        .setSelector(selector(object)))
                .build();
    }

    private static ScalePaths paths(ResourceType<?> type) {
        return CustomVersion.of(type).scale().orElseThrow(() -> Failures.notImplemented(type.plural() + "/scale"));
    }

    /** The object with the replicas of what its scale becomes, and with the uid and resourceVersion as conditions. */
    static Message applied(ResourceType<?> type, Message object, UnaryOperator<Scale> change) {
        if (object instanceof CustomObject custom) {
            return paths(type).scaled(custom, change);
        }
        Scale scale = change.apply(of(type, object));
        FieldDescriptor spec = object.getDescriptorForType().findFieldByName("spec");
        Message.Builder changed = ((Message) object.getField(spec)).toBuilder();
        changed.setField(
                changed.getDescriptorForType().findFieldByName("replicas"),
                scale.getSpec().getReplicas());
        Message result = object.toBuilder().setField(spec, changed.build()).build();
        ObjectMeta.Builder meta = type.meta(object).toBuilder()
                .setResourceVersion(scale.getMetadata().getResourceVersion());
        if (!scale.getMetadata().getUid().isEmpty()) {
            meta.setUid(scale.getMetadata().getUid());
        }
        return type.withMeta(result, meta.build());
    }

    private static int replicas(Message object, String part) {
        Message message =
                (Message) object.getField(object.getDescriptorForType().findFieldByName(part));
        return (Integer) message.getField(message.getDescriptorForType().findFieldByName("replicas"));
    }

    private static String selector(Message object) {
        return switch (object) {
            case Deployment deployment -> text(deployment.getSpec().getSelector());
            case ReplicaSet replicaSet -> text(replicaSet.getSpec().getSelector());
            case StatefulSet statefulSet -> text(statefulSet.getSpec().getSelector());
            case ReplicationController controller -> text(controller.getSpec().getSelectorMap());
            default -> throw new IllegalStateException("no scale of " + object.getClass());
        };
    }

    private static String text(LabelSelector selector) {
        return LabelSelectors.format(selector);
    }

    private static String text(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
    }
}
