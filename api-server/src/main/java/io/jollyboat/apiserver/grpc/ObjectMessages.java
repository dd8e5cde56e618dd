package io.jollyboat.apiserver.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.objects.ObjectReply;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.custom.CustomRules;
import io.jollyboat.apiserver.request.BodyType;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.apiserver.request.Written;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;

/** Objects and Statuses as the messages of the door carry them. */
final class ObjectMessages {
    private final ResourceService resources;

    ObjectMessages(ResourceService resources) {
        this.resources = resources;
    }

    static Message body(Target target, ByteString bytes) {
        try {
            Message body = BodyType.of(target).prototype().getParserForType().parseFrom(bytes);
            return body instanceof CustomObject custom
                    ? CustomRules.pruned(target.type(), custom, unknown -> {})
                    : body;
        } catch (InvalidProtocolBufferException e) {
            throw ApiException.badRequest("the object provided is unrecognized (must be of type "
                    + BodyType.of(target).kind() + "): " + e.getMessage());
        }
    }

    ByteString bytes(ResourceType<?> type, Entry entry) {
        return resources.isStoredVersion(type)
                ? entry.protobuf()
                : resources.object(type, entry).toByteString();
    }

    ObjectReply reply(ResourceType<?> type, Written written) {
        if (written.object() instanceof Status status) {
            return status(status);
        }
        return written.entry() == null ? reply(written.object()) : reply(bytes(type, written.entry()));
    }

    static ObjectReply reply(Message object) {
        return reply(object.toByteString());
    }

    static ObjectReply reply(ByteString bytes) {
        return ObjectReply.newBuilder().setObject(bytes).build();
    }

    static ObjectReply status(Status status) {
        return ObjectReply.newBuilder()
                .setObject(status.toByteString())
                .setIsStatus(true)
                .build();
    }
}
