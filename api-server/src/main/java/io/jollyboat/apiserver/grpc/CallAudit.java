package io.jollyboat.apiserver.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.objects.ObjectReply;
import io.jollyboat.apiserver.audit.AuditAnnotations;
import io.jollyboat.apiserver.audit.RequestAudit;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.request.BodyType;
import io.jollyboat.apiserver.request.ListPage;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.YamlCodec;
import io.jollyboat.errors.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the audit log is told of one call; of one that it does not want, nothing. */
final class CallAudit {
    static final CallAudit NONE = new CallAudit(null);

    private final RequestAudit audit;

    /** @param audit null for a call that is not logged */
    CallAudit(RequestAudit audit) {
        this.audit = audit;
    }

    AuditAnnotations notes() {
        return audit == null ? AuditAnnotations.NONE : audit;
    }

    /** The object, or the options, that came with the call. */
    void came(Message object, String apiVersion, String kind) {
        if (audit != null) {
            audit.requestObject(meta(object), () -> JsonCodec.encode(object, apiVersion, kind));
        }
    }

    Message came(Target target, Message object) {
        if (audit != null) {
            BodyType type = BodyType.of(target);
            came(object, type.apiVersion(), type.kind());
        }
        return object;
    }

    /** @param patch in JSON or YAML */
    void camePatch(byte[] patch) {
        if (audit != null) {
            audit.requestObject(ObjectMeta.getDefaultInstance(), () -> YamlCodec.toJson(patch));
        }
    }

    void replied(int code, Target target, ObjectReply reply) {
        answered(code, () -> {
            try {
                if (reply.getIsStatus()) {
                    return JsonCodec.encode(Status.parseFrom(reply.getObject()), "v1", "Status");
                }
                BodyType type = BodyType.of(target);
                Message object = type.prototype().getParserForType().parseFrom(reply.getObject());
                return JsonCodec.encode(object, type.apiVersion(), type.kind());
            } catch (InvalidProtocolBufferException e) {
                return null; // cannot be shown; the caller gets it all the same
            }
        });
    }

    /** Another server's answer, which its own log may have. */
    void replied(int code) {
        if (audit != null) {
            audit.answered(code, null);
        }
    }

    void listed(ResourceService resources, Target target, ListPage page) {
        answered(200, () -> {
            ObjectNode list = JsonNodeFactory.instance.objectNode();
            list.put("kind", target.type().kind() + "List")
                    .put("apiVersion", target.type().apiVersion());
            ObjectNode meta = list.putObject("metadata").put("resourceVersion", Long.toString(page.revision()));
            if (!page.continueToken().isEmpty()) {
                meta.put("continue", page.continueToken());
            }
            ArrayNode items = list.putArray("items");
            for (Entry entry : page.entries()) {
                items.add(JsonCodec.toTree(resources.object(target.type(), entry), null, null));
            }
            return list.toString().getBytes(StandardCharsets.UTF_8);
        });
    }

    void failed(ApiException failure) {
        answered(failure.code(), () -> JsonCodec.encode(failure.status(), "v1", "Status"));
    }

    private void answered(int code, Supplier<byte[]> json) {
        if (audit != null) {
            audit.answered(code, audit.wantsBody(code) ? json.get() : null);
        }
    }

    /** Events may come from here on. */
    void started() {
        if (audit != null) {
            audit.started(200);
        }
    }

    /** The call is over. */
    void complete() {
        if (audit != null) {
            audit.complete();
        }
    }

    private static ObjectMeta meta(Message object) {
        var field = object.getDescriptorForType().findFieldByName("metadata");
        return field != null && object.getField(field) instanceof ObjectMeta meta
                ? meta
                : ObjectMeta.getDefaultInstance();
    }
}
