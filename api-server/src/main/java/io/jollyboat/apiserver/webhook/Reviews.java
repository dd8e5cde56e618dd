package io.jollyboat.apiserver.webhook;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.api.admission.v1.AdmissionReview;
import io.jollyboat.api.authentication.v1.ExtraValue;
import io.jollyboat.api.authentication.v1.UserInfo;
import io.jollyboat.api.meta.v1.GroupVersionKind;
import io.jollyboat.api.meta.v1.GroupVersionResource;
import io.jollyboat.api.runtime.RawExtension;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.ObjectKind;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.kinds.ResourceType;
import java.util.Optional;

/** Writes the question that a webhook is asked. */
final class Reviews {
    private static final String GROUP = "admission.k8s.io/";

    private Reviews() {}

    /** The first version the webhook understands that is known here too. */
    static Optional<String> version(Hook hook) {
        return hook.reviewVersions().stream()
                .filter(version -> version.equals("v1") || version.equals("v1beta1"))
                .findFirst();
    }

    static byte[] request(String version, String uid, AdmissionRequest request, HookCall call) {
        ObjectKind kind = request.body() == null ? ObjectKind.of(call.as()) : request.body();
        io.jollyboat.api.admission.v1.AdmissionRequest.Builder body =
                io.jollyboat.api.admission.v1.AdmissionRequest.newBuilder()
                        .setUid(uid)
                        .setKind(kind(kind))
                        .setResource(resource(call.as()))
                        .setRequestKind(kind(request.kind()))
                        .setRequestResource(resource(request.type()))
                        .setOperation(request.operation().name())
                        .setUserInfo(user(request.user()))
                        .setObject(raw(call.object(), kind))
                        .setOldObject(raw(call.old(), kind))
                        .setDryRun(request.dryRun())
                        .setOptions(
                                request.options() == null
                                        ? raw(null, kind)
                                        : raw(
                                                request.options(),
                                                new ObjectKind(
                                                        "meta.k8s.io",
                                                        "v1",
                                                        request.options()
                                                                .getDescriptorForType()
                                                                .getName())));
        if (!request.subresource().isEmpty()) {
            body.setSubResource(request.subresource()).setRequestSubResource(request.subresource());
        }
        if (!request.name().isEmpty()) {
            body.setName(request.name());
        }
        if (!request.scope().isEmpty()) {
            body.setNamespace(request.scope());
        }
        return JsonCodec.encode(
                AdmissionReview.newBuilder().setRequest(body).build(), GROUP + version, "AdmissionReview");
    }

    private static GroupVersionKind kind(ObjectKind kind) {
        return GroupVersionKind.newBuilder()
                .setGroup(kind.group())
                .setVersion(kind.version())
                .setKind(kind.kind())
                .build();
    }

    private static GroupVersionResource resource(ResourceType<?> type) {
        return GroupVersionResource.newBuilder()
                .setGroup(type.group())
                .setVersion(type.version())
                .setResource(type.plural())
                .build();
    }

    private static UserInfo user(io.jollyboat.apiserver.auth.UserInfo user) {
        UserInfo.Builder info = UserInfo.newBuilder().setUsername(user.name()).addAllGroups(user.groups());
        if (!user.uid().isEmpty()) {
            info.setUid(user.uid());
        }
        user.extra()
                .forEach((key, values) -> info.putExtra(
                        key, ExtraValue.newBuilder().addAllItems(values).build()));
        return info.build();
    }

    private static RawExtension raw(Message object, ObjectKind kind) {
        ByteString json = object == null
                ? ByteString.copyFromUtf8("null")
                : ByteString.copyFrom(JsonCodec.encode(object, kind.apiVersion(), kind.kind()));
        return RawExtension.newBuilder().setRaw(json).build();
    }
}
