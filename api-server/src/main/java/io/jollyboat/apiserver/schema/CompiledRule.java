package io.jollyboat.apiserver.schema;

import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.api.apiextensions.v1.ValidationRule;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.cel.CelEnvironment;
import io.jollyboat.cel.CelProgram;
import io.jollyboat.cel.DeclType;
import io.jollyboat.cel.SizeEstimator;
import java.util.ArrayList;
import java.util.List;

/**
 * One rule of a place, compiled.
 *
 * @param source as declared
 * @param program null where the rule is empty or cannot be compiled
 * @param problem why not, in upstream's words; else null
 * @param message the expression of the message, null where there is none or it cannot be compiled
 * @param messageProblem why not; else null
 * @param usesOldSelf whether the rule looks at the value before
 * @param fieldPath where an error is told of, below the place; empty for the place itself
 * @param cost the most that one evaluation can cost
 * @param messageCost the same for the message
 */
record CompiledRule(
        ValidationRule source,
        CelProgram program,
        String problem,
        CelProgram message,
        String messageProblem,
        boolean usesOldSelf,
        String fieldPath,
        long cost,
        long messageCost) {
    private static final String SELF = "self";
    private static final String OLD_SELF = "oldSelf";

    /** @param type the type of the place's values */
    static List<CompiledRule> compile(JSONSchemaProps schema, DeclType type) {
        DeclType named = type.named("selfType");
        CelEnvironment plain = CelEnvironment.builder()
                .variable(SELF, named)
                .variable(OLD_SELF, named.celType())
                .build();
        CelEnvironment optional = CelEnvironment.builder()
                .variable(SELF, named)
                .variable(OLD_SELF, OptionalType.create(named.celType()))
                .build();
        SizeEstimator sizes = named.sizes();
        List<CompiledRule> rules = new ArrayList<>();
        for (ValidationRule rule : schema.getXKubernetesValidationsList()) {
            rules.add(compile(schema, rule, rule.getOptionalOldSelf() ? optional : plain, sizes));
        }
        return rules;
    }

    private static CompiledRule compile(
            JSONSchemaProps schema, ValidationRule rule, CelEnvironment environment, SizeEstimator sizes) {
        if (rule.getRule().isBlank()) {
            return new CompiledRule(rule, null, null, null, null, false, "", 0, 0);
        }
        CelProgram program;
        switch (environment.compile(rule.getRule())) {
            case CelCompilation.Failure(String message) -> {
                return failed(rule, message);
            }
            case CelProgram compiled -> program = compiled;
        }
        if (!program.resultType().equals(SimpleType.BOOL)) {
            return failed(rule, "cel expression must evaluate to a bool");
        }
        CelProgram message = null;
        String messageProblem = null;
        if (!rule.getMessageExpression().isEmpty()) {
            switch (environment.compile(rule.getMessageExpression())) {
                case CelCompilation.Failure(String text) ->
                    messageProblem =
                            "messageExpression " + text.replaceFirst("^program instantiation", "instantiation");
                case CelProgram compiled when compiled.resultType().equals(SimpleType.STRING) -> message = compiled;
                case CelProgram _ -> messageProblem = "messageExpression must evaluate to a string";
            }
        }
        SchemaPaths.Found found = SchemaPaths.find(schema, rule.getFieldPath(), true);
        return new CompiledRule(
                rule,
                program,
                null,
                message,
                messageProblem,
                program.uses(OLD_SELF),
                found.problem() == null && messageProblem == null ? found.path() : "",
                program.estimateCost(sizes).max(),
                message == null ? 0 : message.estimateCost(sizes).max());
    }

    private static CompiledRule failed(ValidationRule rule, String problem) {
        return new CompiledRule(rule, null, problem, null, null, false, "", 0, 0);
    }

    /** The rule in an error about it. */
    String shown() {
        return source.getMessage().isEmpty()
                ? source.getRule().strip()
                : source.getMessage().strip();
    }

    /** What an error says if nothing better is found. */
    String messageOrDefault() {
        return source.getMessage().isEmpty()
                ? "failed rule: " + shown()
                : source.getMessage().strip();
    }
}
