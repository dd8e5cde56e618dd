package io.jollyboat.apiserver.request;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import java.util.List;

/** Failures that are about no stored kind, and what they need to know of a body. */
final class Failures {
    private Failures() {}

    /** 422 about a kind that is no resource of its own, such as a Scale. */
    static ApiException invalid(String group, String kind, String name, List<FieldError> errors) {
        List<String> texts =
                errors.stream().map(FieldError::toString).distinct().toList();
        String list = String.join(", ", texts);
        StatusDetails.Builder details =
                StatusDetails.newBuilder().setName(name).setGroup(group).setKind(kind);
        for (FieldError error : errors) {
            details.addCauses(StatusCause.newBuilder()
                    .setReason(error.type().reason())
                    .setMessage(error.detail())
                    .setField(error.field()));
        }
        String qualified = group.isEmpty() ? kind : kind + "." + group;
        return new ApiException(Status.newBuilder()
                .setStatus("Failure")
                .setMessage(qualified + " \"" + name + "\" is invalid: " + (texts.size() > 1 ? "[" + list + "]" : list))
                .setReason("Invalid")
                .setDetails(details)
                .setCode(422)
                .build());
    }

    /** The metadata of any message that has some. */
    static ObjectMeta metaOf(Message body) {
        FieldDescriptor metadata = body.getDescriptorForType().findFieldByName("metadata");
        return metadata == null ? ObjectMeta.getDefaultInstance() : (ObjectMeta) body.getField(metadata);
    }

    /** metadata.name of any message that has metadata. */
    static String nameOf(Message body) {
        return metaOf(body).getName();
    }

    /** @param what of the API this server does not serve */
    static ApiException notImplemented(String what) {
        return ApiException.of(501, "NotImplemented", what + " is not implemented yet");
    }
}
