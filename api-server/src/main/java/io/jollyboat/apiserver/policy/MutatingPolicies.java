package io.jollyboat.apiserver.policy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicy;
import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicyBinding;
import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec;
import io.jollyboat.apiserver.admission.AdmissionPlugin;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.EquivalentResources;
import io.jollyboat.apiserver.admission.NamespaceMatch;
import io.jollyboat.apiserver.admission.ObjectDefaulter;
import io.jollyboat.apiserver.admission.ObjectKind;
import io.jollyboat.apiserver.admission.Reinvocation;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.managed.ObjectSchema;
import io.jollyboat.apiserver.managed.Schemas;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** MutatingAdmissionPolicies: changes what is written as the policies and bindings that the caches hold say. */
public final class MutatingPolicies implements AdmissionPlugin {
    /** Bodies of subresources whose fields are declared; options of connections are not. */
    private static final Set<String> BODIES = Set.of("Scale", "Binding", "Eviction", "TokenRequest");

    private final EntryViews<CompiledMutations> policies;
    private final EntryViews<Binding> bindings;
    private final PolicyParams params;
    private final NamespaceMatch namespaces;
    private final EquivalentResources equivalents;
    private final Authorizer authorizer;
    private final Schemas schemas;
    private final ObjectDefaulter defaulter;

    /** A binding with its rules read. */
    private record Binding(MutatingAdmissionPolicyBindingSpec spec, String name, PolicyMatch match) {
        static Binding of(MutatingAdmissionPolicyBinding binding) {
            return new Binding(
                    binding.getSpec(),
                    binding.getMetadata().getName(),
                    new PolicyMatch(binding.getSpec().getMatchResources()));
        }
    }

    /** A policy that is to be applied, with one parameter object. */
    private record Invocation(CompiledMutations policy, Binding binding, ResourceType<?> as, JsonNode param) {
        List<String> key() {
            JsonNode meta = param.path("metadata");
            return List.of(
                    policy.name(),
                    binding.name(),
                    meta.path("namespace").asString(""),
                    meta.path("name").asString(""));
        }
    }

    /** @param kinds finds a served kind by apiVersion and kind */
    public MutatingPolicies(
            ObjectStorages storages,
            BiFunction<String, String, Optional<ResourceType<?>>> kinds,
            NamespaceMatch namespaces,
            EquivalentResources equivalents,
            Authorizer authorizer,
            Schemas schemas,
            ObjectDefaulter defaulter) {
        this.policies = new EntryViews<>(
                storages.of(Kinds.of(MutatingAdmissionPolicy.class)).cache(),
                object -> new CompiledMutations(read(MutatingAdmissionPolicy.parser(), object)));
        this.bindings = new EntryViews<>(
                storages.of(Kinds.of(MutatingAdmissionPolicyBinding.class)).cache(),
                object -> Binding.of(read(MutatingAdmissionPolicyBinding.parser(), object)));
        this.params = new PolicyParams(storages, kinds);
        this.namespaces = namespaces;
        this.equivalents = equivalents;
        this.authorizer = authorizer;
        this.schemas = schemas;
        this.defaulter = defaulter;
    }

    /** They are stored as v1beta1, which has the same bytes. */
    private static <T> T read(Parser<T> parser, Message stored) {
        try {
            return parser.parseFrom(stored.toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String name() {
        return "MutatingAdmissionPolicy";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        return object == null || policies.isEmpty() || bindings.isEmpty() || PolicyScope.excludes(request)
                ? object
                : dispatch(request, object);
    }

    private Message dispatch(AdmissionRequest request, Message object) {
        PolicyErrors errors = new PolicyErrors();
        List<Invocation> invocations = invocations(request, object, errors);
        Message result = invocations.isEmpty() ? object : run(request, object, invocations, errors);
        errors.refuse(request, object);
        return result;
    }

    // All that are meant are found before the first changes the object.

    private List<Invocation> invocations(AdmissionRequest request, Message object, PolicyErrors errors) {
        List<Invocation> invocations = new ArrayList<>();
        for (CompiledMutations policy : policies.all()) {
            Optional<ResourceType<?>> as;
            try {
                as = policy.match().find(request, object, namespaces, equivalents);
            } catch (ApiException e) {
                errors.add(policy, null, "failed to configure policy: " + e.getMessage(), false);
                continue;
            }
            if (as.isPresent()) {
                collect(request, object, policy, as.get(), invocations, errors);
            }
        }
        return invocations;
    }

    private void collect(
            AdmissionRequest request,
            Message object,
            CompiledMutations policy,
            ResourceType<?> as,
            List<Invocation> invocations,
            PolicyErrors errors) {
        for (Binding binding : bindings.all()) {
            if (!binding.spec.getPolicyName().equals(policy.name())) {
                continue;
            }
            try {
                boolean meant = !binding.spec.hasMatchResources()
                        || binding.match
                                .find(request, object, namespaces, equivalents)
                                .isPresent();
                if (meant) {
                    params(request, policy, binding)
                            .forEach(param -> invocations.add(new Invocation(policy, binding, as, param)));
                }
            } catch (ApiException | PolicyFailure e) {
                errors.add(policy, binding.name, "failed to configure binding: " + e.getMessage(), false);
            }
        }
    }

    private List<JsonNode> params(AdmissionRequest request, CompiledMutations policy, Binding binding)
            throws PolicyFailure {
        return policy.policy().getSpec().hasParamKind() && binding.spec.hasParamRef()
                ? params.find(policy.policy().getSpec().getParamKind(), binding.spec.getParamRef(), request.scope())
                : List.of(JsonNodeFactory.instance.nullNode());
    }

    private Message run(AdmissionRequest request, Message object, List<Invocation> invocations, PolicyErrors errors) {
        Reinvocation rounds = request.context().note(this, Reinvocation::new);
        rounds.begin(request, object);
        Message result = object;
        boolean applied = false;
        for (Invocation invocation : invocations) {
            Message before = result;
            if (!applies(request, invocation, result, errors) || !rounds.isDue(request, invocation.key())) {
                continue;
            }
            for (int step = 0; step < invocation.policy.steps(); step++) {
                try {
                    result = mutated(request, invocation, step, result);
                    applied = true;
                } catch (PolicyFailure e) {
                    errors.add(invocation.policy, invocation.binding.name, e.getMessage(), true);
                }
            }
            if (!result.equals(before)) {
                rounds.changed();
                request.context().requestReinvocation();
            }
            if (invocation.policy.wantsLaterChanges()) {
                rounds.asked(invocation.key());
            }
        }
        if (applied) {
            // As upstream: who wants to be asked again is, though nobody else changed anything.
            rounds.changed();
            request.context().requestReinvocation();
        }
        rounds.end(result);
        return result;
    }

    private boolean applies(AdmissionRequest request, Invocation invocation, Message object, PolicyErrors errors) {
        try {
            PolicyInput input = input(request, invocation.as, shown(request, invocation.as, object));
            return invocation.policy.applies(input, invocation.param);
        } catch (PolicyFailure e) {
            errors.add(invocation.policy, invocation.binding.name, e.getMessage(), true);
            return false;
        }
    }

    private Message mutated(AdmissionRequest request, Invocation invocation, int step, Message object)
            throws PolicyFailure {
        ResourceType<?> as = invocation.as;
        Message shown = shown(request, as, object);
        ObjectKind kind = request.body() == null ? ObjectKind.of(as) : request.body();
        PolicyInput input = input(request, as, shown);
        Message changed =
                invocation.policy.mutated(step, input, invocation.param, shown, kind, schema(request, as, object));
        Message whole = defaulter.completed(request.body() == null ? as : null, changed);
        return whole.equals(shown)
                ? object
                : isOther(request, as) ? equivalents.convert(as, request.type(), whole) : whole;
    }

    private ObjectSchema schema(AdmissionRequest request, ResourceType<?> as, Message object) {
        ObjectKind body = request.body();
        if (body == null) {
            return schemas.of(as);
        }
        if (!BODIES.contains(body.kind())) {
            throw ApiException.of(
                    503,
                    "ServiceUnavailable",
                    "Resource kind " + body.group() + "/" + body.version() + ", Kind=" + body.kind()
                            + " not found. There can be a delay between when CustomResourceDefinitions are created and"
                            + " when they are available.");
        }
        return Schemas.body(body.apiVersion(), body.kind(), object.getDefaultInstanceForType());
    }

    private PolicyInput input(AdmissionRequest request, ResourceType<?> as, Message shown) {
        return new PolicyInput(
                request,
                as,
                shown,
                shown(request, as, request.old()),
                () -> namespaces.namespace(request.namespace()),
                authorizer);
    }

    private Message shown(AdmissionRequest request, ResourceType<?> as, Message object) {
        return object != null && isOther(request, as) ? equivalents.convert(request.type(), as, object) : object;
    }

    /** What stands for a subresource is no version of the resource. */
    private static boolean isOther(AdmissionRequest request, ResourceType<?> as) {
        return request.body() == null && !as.equals(request.type());
    }
}
