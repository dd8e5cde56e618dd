package io.jollyboat.apiserver.policy;

import com.google.protobuf.Message;
import io.jollyboat.api.admissionregistration.v1.MatchCondition;
import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicy;
import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicySpec;
import io.jollyboat.api.admissionregistration.v1.Mutation;
import io.jollyboat.api.admissionregistration.v1.Variable;
import io.jollyboat.apiserver.admission.ObjectKind;
import io.jollyboat.apiserver.managed.ConfigurationMerge;
import io.jollyboat.apiserver.managed.MergeFault;
import io.jollyboat.apiserver.managed.ObjectSchema;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.cel.CelOutcome;
import io.jollyboat.cel.ConstructedTypes;
import io.jollyboat.cel.EvalError;
import io.jollyboat.cel.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** A mutating policy with its expressions compiled, and what each of its mutations makes of an object. */
final class CompiledMutations {
    private final MutatingAdmissionPolicy policy;
    private final PolicyMatch match;
    private final List<CelCompilation> conditions = new ArrayList<>();
    private final Map<String, CelCompilation> variables = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();

    /** @param patch whether the expression gives a JSON patch; else an apply configuration */
    private record Step(String expression, CelCompilation compiled, boolean patch) {}

    CompiledMutations(MutatingAdmissionPolicy policy) {
        this.policy = policy;
        MutatingAdmissionPolicySpec spec = policy.getSpec();
        this.match = new PolicyMatch(spec.getMatchConstraints());
        for (MatchCondition condition : spec.getMatchConditionsList()) {
            conditions.add(PolicyEnvironment.condition(condition.getExpression(), spec.hasParamKind()));
        }
        PolicyEnvironment environment = new PolicyEnvironment(spec.hasParamKind());
        for (Variable variable : spec.getVariablesList()) {
            variables.put(variable.getName(), environment.variable(variable.getName(), variable.getExpression()));
        }
        for (Mutation mutation : spec.getMutationsList()) {
            boolean patch = mutation.getPatchType().equals("JSONPatch");
            String expression = patch
                    ? mutation.getJsonPatch().getExpression()
                    : mutation.getApplyConfiguration().getExpression();
            CelCompilation compiled =
                    patch ? environment.compilePatch(expression) : environment.compileConfiguration(expression);
            steps.add(new Step(expression, compiled, patch));
        }
    }

    MutatingAdmissionPolicy policy() {
        return policy;
    }

    PolicyMatch match() {
        return match;
    }

    String name() {
        return policy.getMetadata().getName();
    }

    boolean ignoresFailures() {
        return policy.getSpec().getFailurePolicy().equals("Ignore");
    }

    /** Whether the policy wants to see what others change after it. */
    boolean wantsLaterChanges() {
        return policy.getSpec().getReinvocationPolicy().equals("IfNeeded");
    }

    int steps() {
        return steps.size();
    }

    /** Whether no condition is against it. */
    boolean applies(PolicyInput input, Object params) throws PolicyFailure {
        return conditions.isEmpty()
                || PolicyExpressions.applies(
                        policy.getSpec().getMatchConditionsList(),
                        conditions,
                        new PolicyVariables(input, params, Map.of()));
    }

    /**
     * The object after one mutation. Variables are evaluated anew for each, on the object as it is then.
     *
     * @param input shows the same object
     */
    Message mutated(int step, PolicyInput input, Object params, Message object, ObjectKind kind, ObjectSchema schema)
            throws PolicyFailure {
        Step mutation = steps.get(step);
        if (mutation.compiled instanceof CelCompilation.Failure failure) {
            throw new PolicyFailure(failure.message());
        }
        PolicyVariables values = new PolicyVariables(input, params, variables);
        CelOutcome outcome =
                PolicyExpressions.evaluate(mutation.compiled, values, new PolicyBudget(PolicyBudget.EXPRESSIONS));
        if (outcome.failed()) {
            throw new PolicyFailure(PolicyExpressions.described(mutation.expression, outcome));
        }
        return mutation.patch
                ? PolicyPatch.apply(outcome.value(), object, kind)
                : configured(outcome.value(), object, schema);
    }

    private static Message configured(Object value, Message object, ObjectSchema schema) throws PolicyFailure {
        String misplaced = ConstructedTypes.misplaced(value);
        if (misplaced != null) {
            throw new PolicyFailure("type mismatch: " + misplaced);
        }
        try {
            return ConfigurationMerge.merge(schema, object, (ObjectNode) Values.toJson(value));
        } catch (MergeFault e) {
            throw new PolicyFailure("error applying patch: " + e.getMessage());
        } catch (EvalError e) {
            throw new PolicyFailure("invalid return type: " + e.getMessage());
        }
    }
}
