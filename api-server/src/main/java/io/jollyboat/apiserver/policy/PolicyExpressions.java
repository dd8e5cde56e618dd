package io.jollyboat.apiserver.policy;

import io.jollyboat.api.admissionregistration.v1.MatchCondition;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.cel.CelOutcome;
import io.jollyboat.cel.CelProgram;
import java.util.ArrayList;
import java.util.List;

/** How compiled expressions of policies are evaluated, and what is said of those that fail. */
final class PolicyExpressions {
    private PolicyExpressions() {}

    /** Takes what it costs from the budget; an expression that did not compile is a failed one. */
    static CelOutcome evaluate(CelCompilation compiled, PolicyVariables values, PolicyBudget budget)
            throws PolicyFailure {
        return switch (compiled) {
            case CelProgram program -> {
                CelOutcome outcome = program.evaluate(values);
                budget.spend(outcome.cost() + values.takeCost());
                yield outcome;
            }
            case CelCompilation.Failure failure -> new CelOutcome(null, failure.message(), 0, false);
        };
    }

    /** What is said of a failed evaluation. */
    static String described(String expression, CelOutcome outcome) {
        return outcome.error().startsWith("compilation failed")
                        || outcome.error().startsWith("must evaluate")
                ? outcome.error()
                : "expression '" + expression + "' resulted in error: " + outcome.error();
    }

    /** Whether no condition is false; what cannot be judged is a failure, unless another is false. */
    static boolean applies(List<MatchCondition> written, List<CelCompilation> conditions, PolicyVariables values)
            throws PolicyFailure {
        PolicyBudget budget = new PolicyBudget(PolicyBudget.CONDITIONS);
        List<String> errors = new ArrayList<>();
        for (int i = 0; i < conditions.size(); i++) {
            CelOutcome outcome = evaluate(conditions.get(i), values, budget);
            if (outcome.failed()) {
                errors.add(described(written.get(i).getExpression(), outcome));
            } else if (!outcome.isTrue()) {
                return false;
            }
        }
        if (!errors.isEmpty()) {
            throw new PolicyFailure(errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]");
        }
        return true;
    }
}
