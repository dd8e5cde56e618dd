package io.jollyboat.apiserver.grpc;

import io.jollyboat.api.objects.ObjectRef;
import io.jollyboat.api.options.Subresource;
import io.jollyboat.apiserver.audit.AuditAnnotations;
import io.jollyboat.apiserver.auth.Authenticated;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.request.AccessGate;
import io.jollyboat.apiserver.request.BodyType;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;

/** Who calls, and what he may reach. */
final class ObjectAccess {
    private final AccessGate gate;
    private final ServedKinds kinds;

    ObjectAccess(AccessGate gate, ServedKinds kinds) {
        this.gate = gate;
        this.kinds = kinds;
    }

    UserInfo user() {
        return authenticated().user();
    }

    /** Whoever calls here reads no warnings. */
    Authenticated authenticated() {
        return gate.authenticate(CallerInterceptor.CREDENTIALS.get(), "");
    }

    static RequestAttributes attributes(UserInfo user, String verb, ObjectRef ref, String labels, String fields) {
        return new RequestAttributes(
                user,
                verb,
                true,
                ref.getGroup(),
                ref.getVersion(),
                ref.getResource(),
                ref.getSubresource(),
                ref.getNamespace(),
                ref.getName().isEmpty() ? RequestInfo.selectedName(fields) : ref.getName(),
                "",
                labels,
                fields);
    }

    /** The target, once the caller may do to it what he asks for. */
    Target allowed(String verb, ObjectRef ref, String labels, String fields, AuditAnnotations notes) {
        gate.authorize(attributes(user(), verb, ref, labels, fields), notes);
        String apiVersion = ref.getGroup().isEmpty() ? ref.getVersion() : ref.getGroup() + "/" + ref.getVersion();
        ResourceType<?> type = kinds.find(apiVersion, ref.getResource())
                .orElseThrow(
                        () -> ApiException.of(404, "NotFound", "the server could not find the requested resource"));
        Target target =
                new Target(type, type.namespaced() ? ref.getNamespace() : "", ref.getName(), ref.getSubresource());
        checkVerb(verb, target);
        return target;
    }

    /** Whether the caller may, where another server knows the resource. */
    UserInfo allowedElsewhere(String verb, ObjectRef ref, String labels, String fields, AuditAnnotations notes) {
        UserInfo user = user();
        gate.authorize(attributes(user, verb, ref, labels, fields), notes);
        return user;
    }

    /** Whether the caller may ask what there is. */
    void allowedDiscovery() {
        gate.authorize(
                new RequestAttributes(user(), "get", false, "", "", "", "", "", "", "/apis", "", ""),
                AuditAnnotations.NONE);
    }

    private static void checkVerb(String verb, Target target) {
        boolean served = target.subresource().isEmpty()
                ? target.type().rules().getVerbsList().contains(verb)
                : BodyType.find(target)
                        .map(Subresource::getVerbsList)
                        .orElseThrow(() ->
                                ApiException.of(404, "NotFound", "the server could not find the requested resource"))
                        .contains(verb);
        boolean one = verb.equals("get") || verb.equals("update") || verb.equals("patch") || verb.equals("delete");
        boolean nameless = one && target.name().isEmpty();
        boolean homeless = (one || verb.equals("create") || verb.equals("deletecollection"))
                && target.type().namespaced()
                && target.namespace().isEmpty();
        if (!served || nameless || homeless) {
            throw ApiException.of(
                    405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        }
    }
}
