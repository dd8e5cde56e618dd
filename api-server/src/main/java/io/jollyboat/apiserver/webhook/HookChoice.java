package io.jollyboat.apiserver.webhook;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.EquivalentResources;
import io.jollyboat.apiserver.admission.NamespaceMatch;
import io.jollyboat.apiserver.admission.RuleMatch;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import java.util.Optional;

/** Whether a webhook is to be asked about a request. */
final class HookChoice {
    private final NamespaceMatch namespaces;
    private final EquivalentResources equivalents;
    private final HookConditions conditions;

    HookChoice(NamespaceMatch namespaces, EquivalentResources equivalents, HookConditions conditions) {
        this.namespaces = namespaces;
        this.equivalents = equivalents;
        this.conditions = conditions;
    }

    /** ApiException refuses the request, where that cannot be said. */
    Optional<HookCall> of(Hook hook, AdmissionRequest request, Message object) {
        if (!NamespaceMatch.matchesObject(hook.objects(), request, object)) {
            return Optional.empty();
        }
        Optional<ResourceType<?>> as = RuleMatch.find(hook.rules(), request, hook.equivalent(), equivalents);
        if (as.isEmpty() || !namespaces.matches(hook.namespaces(), request, object)) {
            return Optional.empty();
        }
        HookCall call = new HookCall(
                hook, as.get(), converted(request, as.get(), object), converted(request, as.get(), request.old()));
        return hook.conditions().isEmpty() || judged(call, request) ? Optional.of(call) : Optional.empty();
    }

    private Message converted(AdmissionRequest request, ResourceType<?> as, Message object) {
        // What stands for a subresource is no version of the resource.
        boolean other = object != null && as != request.type() && request.body() == null;
        return other ? equivalents.convert(request.type(), as, object) : object;
    }

    /** The object of a call as the request has it. */
    Message back(AdmissionRequest request, HookCall call, Message object) {
        boolean other = call.as() != request.type() && request.body() == null;
        return other ? equivalents.convert(call.as(), request.type(), object) : object;
    }

    private boolean judged(HookCall call, AdmissionRequest request) {
        try {
            return conditions.match(call.hook().conditions(), request, call.as(), call.object(), call.old());
        } catch (HookConditions.ConditionException e) {
            if (call.hook().ignore()) {
                return false;
            }
            throw ApiException.forbidden(
                    request.type().group(), request.type().plural(), request.name(), e.getMessage());
        }
    }
}
