package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.api.options.Subresource;
import io.jollyboat.api.policy.v1.Eviction;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.Optional;

/**
 * What the body of a request holds, which for a subresource may be another kind than its parent.
 *
 * @param custom the type of a custom object, whose schema only that knows; else null
 */
public record BodyType(String apiVersion, String kind, Message prototype, ResourceType<?> custom) {
    private static final BodyType SCALE = new BodyType("autoscaling/v1", "Scale", Scale.getDefaultInstance());
    private static final BodyType EVICTION = new BodyType("policy/v1", "Eviction", Eviction.getDefaultInstance());

    public BodyType(String apiVersion, String kind, Message prototype) {
        this(apiVersion, kind, prototype, null);
    }

    public static BodyType of(ResourceType<?> type) {
        return new BodyType(type.apiVersion(), type.kind(), type.prototype(), type.isCustom() ? type : null);
    }

    /** 404 for a subresource that the type does not have. */
    public static BodyType of(Target target) {
        if (target.subresource().isEmpty()) {
            return of(target.type());
        }
        Subresource subresource = find(target)
                .orElseThrow(
                        () -> ApiException.of(404, "NotFound", "the server could not find the requested resource"));
        return switch (subresource.getKind()) {
            case "" -> of(target.type());
            case "autoscaling/v1.Scale" -> SCALE;
            case "policy/v1.Eviction" -> EVICTION;
            default -> {
                int dot = subresource.getKind().lastIndexOf('.');
                yield Kinds.builtIn()
                        .byKind(
                                subresource.getKind().substring(0, dot),
                                subresource.getKind().substring(dot + 1))
                        .map(BodyType::of)
                        .orElseGet(() -> TokenBody.of(subresource.getKind()));
            }
        };
    }

    /** The declaration of the target's subresource. */
    public static Optional<Subresource> find(Target target) {
        return target.type().rules().getSubresourcesList().stream()
                .filter(subresource -> subresource.getName().equals(target.subresource()))
                .findFirst();
    }

    private static final class TokenBody {
        static BodyType of(String kind) {
            if (kind.equals("authentication.k8s.io/v1.TokenRequest")) {
                return new BodyType(
                        "authentication.k8s.io/v1",
                        "TokenRequest",
                        io.jollyboat.api.authentication.v1.TokenRequest.getDefaultInstance());
            }
            throw ApiException.of(501, "NotImplemented", "bodies of kind " + kind + " are not understood");
        }
    }
}
