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
import java.util.stream.Collectors;

/** Failures that are about no stored kind, and what they need to know of a body. */
final class Failures {
    private Failures() {}

    /** 422 about a kind that is no resource of its own, such as a Scale. */
    static ApiException invalid(String group, String kind, String name, List<FieldError> errors) {
        String list = errors.stream().map(FieldError::toString).distinct().collect(Collectors.joining(", "));
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
                .setMessage(
                        qualified + " \"" + name + "\" is invalid: " + (errors.size() > 1 ? "[" + list + "]" : list))
                .setReason("Invalid")
                .setDetails(details)
                .setCode(422)
                .build());
    }

    /** metadata.name of any message that has metadata. */
    static String nameOf(Message body) {
        FieldDescriptor metadata = body.getDescriptorForType().findFieldByName("metadata");
        return metadata == null ? "" : ((ObjectMeta) body.getField(metadata)).getName();
    }
}
