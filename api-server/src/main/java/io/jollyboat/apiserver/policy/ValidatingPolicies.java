package io.jollyboat.apiserver.policy;

import com.google.protobuf.Message;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.apiserver.admission.AdmissionPlugin;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.EquivalentResources;
import io.jollyboat.apiserver.admission.NamespaceMatch;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** ValidatingAdmissionPolicies: judges writes by the policies and bindings that the caches hold. */
public final class ValidatingPolicies implements AdmissionPlugin {
    private final EntryViews<CompiledPolicy> policies;
    private final EntryViews<Binding> bindings;
    private final PolicyParams params;
    private final NamespaceMatch namespaces;
    private final EquivalentResources equivalents;
    private final Authorizer authorizer;

    /** A binding with its rules read. */
    private record Binding(ValidatingAdmissionPolicyBinding object, PolicyMatch match) {
        static Binding of(ValidatingAdmissionPolicyBinding binding) {
            return new Binding(binding, new PolicyMatch(binding.getSpec().getMatchResources()));
        }

        String name() {
            return object.getMetadata().getName();
        }
    }

    /** A refusal, and whose it is. */
    private record Denial(String message, String reason) {}

    /** @param kinds finds a served kind by apiVersion and kind */
    public ValidatingPolicies(
            ObjectStorages storages,
            BiFunction<String, String, Optional<ResourceType<?>>> kinds,
            NamespaceMatch namespaces,
            EquivalentResources equivalents,
            Authorizer authorizer) {
        this.policies = new EntryViews<>(
                storages.of(Kinds.of(ValidatingAdmissionPolicy.class)).cache(),
                object -> new CompiledPolicy((ValidatingAdmissionPolicy) object));
        this.bindings = new EntryViews<>(
                storages.of(Kinds.of(ValidatingAdmissionPolicyBinding.class)).cache(),
                object -> Binding.of((ValidatingAdmissionPolicyBinding) object));
        this.params = new PolicyParams(storages, kinds);
        this.namespaces = namespaces;
        this.equivalents = equivalents;
        this.authorizer = authorizer;
    }

    @Override
    public String name() {
        return "ValidatingAdmissionPolicy";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (policies.isEmpty() || bindings.isEmpty() || PolicyScope.excludes(request)) {
            return;
        }
        List<Denial> denials = new ArrayList<>();
        AuditNotes notes = new AuditNotes();
        for (CompiledPolicy policy : policies.all()) {
            judge(request, object, policy, denials, notes);
        }
        notes.publish(request.audit());
        if (!denials.isEmpty()) {
            throw refusal(request, object, denials.getFirst());
        }
    }

    private void judge(
            AdmissionRequest request, Message object, CompiledPolicy policy, List<Denial> denials, AuditNotes notes) {
        Optional<ResourceType<?>> as;
        try {
            as = policy.match().find(request, object, namespaces, equivalents);
        } catch (ApiException e) {
            misconfigured(policy, null, "failed to configure policy: " + e.getMessage(), denials);
            return;
        }
        if (as.isEmpty()) {
            return;
        }
        PolicyInput input = input(request, as.get(), object);
        for (Binding binding : bindings.all()) {
            if (binding.object().getSpec().getPolicyName().equals(policy.name())) {
                judge(request, object, policy, binding, input, denials, notes);
            }
        }
    }

    private PolicyInput input(AdmissionRequest request, ResourceType<?> as, Message object) {
        // What stands for a subresource is no version of the resource.
        boolean same = request.body() != null || as.equals(request.type());
        return new PolicyInput(
                request,
                as,
                same ? object : equivalents.convert(request.type(), as, object),
                same ? request.old() : equivalents.convert(request.type(), as, request.old()),
                () -> namespaces.namespace(request.scope()),
                authorizer);
    }

    private void judge(
            AdmissionRequest request,
            Message object,
            CompiledPolicy policy,
            Binding binding,
            PolicyInput input,
            List<Denial> denials,
            AuditNotes notes) {
        try {
            boolean everywhere = !binding.object().getSpec().hasMatchResources();
            if (!everywhere
                    && binding.match()
                            .find(request, object, namespaces, equivalents)
                            .isEmpty()) {
                return;
            }
            for (JsonNode param : params(request, policy, binding)) {
                for (CompiledPolicy.Finding finding : policy.judge(input, param)) {
                    act(request, policy, binding, finding, denials, notes);
                }
            }
        } catch (ApiException | PolicyFailure e) {
            misconfigured(policy, binding, "failed to configure binding: " + e.getMessage(), denials);
        }
    }

    private List<JsonNode> params(AdmissionRequest request, CompiledPolicy policy, Binding binding)
            throws PolicyFailure {
        if (!policy.policy().getSpec().hasParamKind()
                || !binding.object().getSpec().hasParamRef()) {
            return List.of(JsonNodeFactory.instance.nullNode());
        }
        return params.find(
                policy.policy().getSpec().getParamKind(),
                binding.object().getSpec().getParamRef(),
                request.scope());
    }

    private static void misconfigured(CompiledPolicy policy, Binding binding, String message, List<Denial> denials) {
        if (!policy.ignoresFailures()) {
            denials.add(new Denial(denied(policy, binding, message), ""));
        }
    }

    private static String denied(CompiledPolicy policy, Binding binding, String message) {
        String with = binding == null ? "" : " with binding '" + binding.name() + "'";
        return "ValidatingAdmissionPolicy '" + policy.name() + "'" + with + " denied request: " + message;
    }

    private static void act(
            AdmissionRequest request,
            CompiledPolicy policy,
            Binding binding,
            CompiledPolicy.Finding finding,
            List<Denial> denials,
            AuditNotes notes) {
        switch (finding) {
            case CompiledPolicy.Finding.Noted note -> notes.note(policy.name() + "/" + note.key(), note.value());
            case CompiledPolicy.Finding.Refused refused -> {
                List<String> actions = binding.object().getSpec().getValidationActionsList();
                if (actions.contains("Deny")) {
                    denials.add(new Denial(denied(policy, binding, refused.message()), refused.reason()));
                }
                if (actions.contains("Warn")) {
                    request.warnings()
                            .add("Validation failed for ValidatingAdmissionPolicy '" + policy.name()
                                    + "' with binding '" + binding.name() + "': " + refused.message());
                }
                if (actions.contains("Audit")) {
                    notes.failure(policy.name(), binding.name(), refused, actions);
                }
            }
        }
    }

    private static ApiException refusal(AdmissionRequest request, Message object, Denial denial) {
        String reason = denial.reason().isEmpty() ? "Invalid" : denial.reason();
        Status base = PolicyRefusal.of(request, object, denial.message()).status();
        StatusDetails details = base.getDetails().toBuilder()
                .addCauses(StatusCause.newBuilder().setMessage(denial.message()))
                .build();
        return new ApiException(base.toBuilder()
                .setReason(reason)
                .setCode(code(reason))
                .setDetails(details)
                .build());
    }

    private static int code(String reason) {
        return switch (reason) {
            case "Forbidden" -> 403;
            case "Unauthorized" -> 401;
            case "RequestEntityTooLarge" -> 413;
            default -> 422;
        };
    }
}
