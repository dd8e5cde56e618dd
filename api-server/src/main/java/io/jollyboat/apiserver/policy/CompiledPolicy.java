package io.jollyboat.apiserver.policy;

import io.jollyboat.api.admissionregistration.v1.AuditAnnotation;
import io.jollyboat.api.admissionregistration.v1.MatchCondition;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicySpec;
import io.jollyboat.api.admissionregistration.v1.Validation;
import io.jollyboat.api.admissionregistration.v1.Variable;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.cel.CelOutcome;
import io.jollyboat.cel.Null;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A validating policy with its expressions compiled, and how it judges one request with one parameter object. */
final class CompiledPolicy {
    private static final int LONGEST_MESSAGE = 5 * 1024;
    private static final int LONGEST_ANNOTATION = 10 * 1024;

    private final ValidatingAdmissionPolicy policy;
    private final PolicyMatch match;
    private final List<CelCompilation> conditions = new ArrayList<>();
    private final Map<String, CelCompilation> variables = new LinkedHashMap<>();
    private final List<Check> checks = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    private record Check(Validation validation, CelCompilation expression, CelCompilation message) {}

    private record Note(AuditAnnotation annotation, CelCompilation value) {}

    /** What one policy says: a refusal with its reason, or a note for the audit log. */
    sealed interface Finding {
        /**
         * The request breaks the policy.
         *
         * @param index of the validation; 0 where the policy could not be judged at all
         */
        record Refused(int index, String message, String reason) implements Finding {}

        /** A note for the audit log. */
        record Noted(String key, String value) implements Finding {}
    }

    CompiledPolicy(ValidatingAdmissionPolicy policy) {
        this.policy = policy;
        this.match = new PolicyMatch(policy.getSpec().getMatchConstraints());
        ValidatingAdmissionPolicySpec spec = policy.getSpec();
        for (MatchCondition condition : spec.getMatchConditionsList()) {
            conditions.add(PolicyEnvironment.condition(condition.getExpression(), spec.hasParamKind()));
        }
        PolicyEnvironment environment = new PolicyEnvironment(spec.hasParamKind());
        for (Variable variable : spec.getVariablesList()) {
            variables.put(variable.getName(), environment.variable(variable.getName(), variable.getExpression()));
        }
        for (Validation v : spec.getValidationsList()) {
            CelCompilation message = v.getMessageExpression().isEmpty()
                    ? null
                    : environment.compile(v.getMessageExpression(), false, PolicyEnvironment.STRING);
            checks.add(new Check(v, environment.compile(v.getExpression(), true, PolicyEnvironment.BOOL), message));
        }
        for (AuditAnnotation a : spec.getAuditAnnotationsList()) {
            notes.add(new Note(a, environment.compile(a.getValueExpression(), true, PolicyEnvironment.STRING_OR_NULL)));
        }
    }

    ValidatingAdmissionPolicy policy() {
        return policy;
    }

    PolicyMatch match() {
        return match;
    }

    String name() {
        return policy.getMetadata().getName();
    }

    /** Whether what cannot be judged is let through. */
    boolean ignoresFailures() {
        return policy.getSpec().getFailurePolicy().equals("Ignore");
    }

    /** All findings; none where a condition says that the policy does not apply. */
    List<Finding> judge(PolicyInput input, Object params) {
        List<Finding> findings = new ArrayList<>();
        PolicyVariables values = new PolicyVariables(input, params, variables);
        try {
            if (!PolicyExpressions.applies(policy.getSpec().getMatchConditionsList(), conditions, values)) {
                return findings;
            }
        } catch (PolicyFailure e) {
            failed(findings, e.getMessage());
            return findings;
        }
        PolicyBudget budget = new PolicyBudget(PolicyBudget.EXPRESSIONS);
        try {
            for (int i = 0; i < checks.size(); i++) {
                judge(i, values, budget, findings);
            }
        } catch (PolicyFailure e) {
            findings.clear();
            failed(findings, e.getMessage());
            return findings;
        }
        annotate(values, budget, findings);
        return findings;
    }

    private void failed(List<Finding> findings, String message) {
        failed(findings, 0, message);
    }

    private void failed(List<Finding> findings, int index, String message) {
        if (!ignoresFailures()) {
            findings.add(new Finding.Refused(index, message, ""));
        }
    }

    private void judge(int index, PolicyVariables values, PolicyBudget budget, List<Finding> findings)
            throws PolicyFailure {
        Check check = checks.get(index);
        CelOutcome outcome = PolicyExpressions.evaluate(check.expression(), values, budget);
        if (outcome.failed()) {
            failed(
                    findings,
                    index,
                    PolicyExpressions.described(check.validation().getExpression(), outcome));
        } else if (!outcome.isTrue()) {
            findings.add(new Finding.Refused(
                    index, message(check, values, budget), check.validation().getReason()));
        }
    }

    /** What the message expression gives if it is fit to be shown, else the message, else the expression. */
    private static String message(Check check, PolicyVariables values, PolicyBudget budget) throws PolicyFailure {
        if (check.message() != null) {
            CelOutcome outcome = PolicyExpressions.evaluate(check.message(), values, budget);
            if (outcome.value() instanceof String text) {
                String message = text.strip();
                if (!message.isEmpty() && message.length() <= LONGEST_MESSAGE && !message.contains("\n")) {
                    return message;
                }
            }
        }
        String fixed = check.validation().getMessage().strip();
        return fixed.isEmpty()
                ? "failed expression: " + check.validation().getExpression().strip()
                : fixed;
    }

    private void annotate(PolicyVariables values, PolicyBudget budget, List<Finding> findings) {
        for (Note note : notes) {
            try {
                CelOutcome outcome = PolicyExpressions.evaluate(note.value(), values, budget);
                if (outcome.failed()) {
                    failed(
                            findings,
                            PolicyExpressions.described(note.annotation().getValueExpression(), outcome));
                } else if (outcome.value() instanceof String text
                        && !text.strip().isEmpty()) {
                    String value = text.strip();
                    findings.add(new Finding.Noted(
                            note.annotation().getKey(),
                            value.length() > LONGEST_ANNOTATION ? value.substring(0, LONGEST_ANNOTATION) : value));
                } else if (!(outcome.value() instanceof String) && outcome.value() != Null.NULL) {
                    failed(
                            findings,
                            "valueExpression '" + note.annotation().getValueExpression()
                                    + "' resulted in unsupported return type: " + outcome.value()
                                    + ". Return type must be either string or null.");
                }
            } catch (PolicyFailure e) {
                failed(findings, e.getMessage());
                return;
            }
        }
    }
}
