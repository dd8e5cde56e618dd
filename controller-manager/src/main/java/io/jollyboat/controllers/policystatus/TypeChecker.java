package io.jollyboat.controllers.policystatus;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.jollyboat.api.admissionregistration.v1.ExpressionWarning;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicySpec;
import io.jollyboat.api.admissionregistration.v1.Validation;
import io.jollyboat.api.admissionregistration.v1.Variable;
import io.jollyboat.cel.AdmissionTypes;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.cel.CelEnvironment;
import io.jollyboat.cel.CelProgram;
import io.jollyboat.cel.DeclType;
import io.jollyboat.controllers.policystatus.PolicyKinds.Gvk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles a policy's expressions with the types of each kind that it is about, and says what does not fit. */
final class TypeChecker {
    private static final String PREFIX = "compilation failed: ";

    private final PolicyKinds kinds;

    TypeChecker(PolicyKinds kinds) {
        this.kinds = kinds;
    }

    /** What upstream says of the validations' expressions and messages; of those that fit, nothing. */
    List<ExpressionWarning> check(ValidatingAdmissionPolicySpec spec) {
        Map<Gvk, CelEnvironment> environments = new LinkedHashMap<>();
        kinds.of(spec.getMatchConstraints().getResourceRulesList())
                .forEach((kind, type) -> environments.put(kind, environment(spec, type)));
        List<ExpressionWarning> warnings = new ArrayList<>();
        for (int i = 0; i < spec.getValidationsCount(); i++) {
            Validation validation = spec.getValidations(i);
            String path = "spec.validations[" + i + "].";
            check(environments, path + "expression", validation.getExpression(), warnings);
            if (!validation.getMessageExpression().isEmpty()) {
                check(environments, path + "messageExpression", validation.getMessageExpression(), warnings);
            }
        }
        return warnings;
    }

    private static void check(
            Map<Gvk, CelEnvironment> environments, String field, String expression, List<ExpressionWarning> warnings) {
        List<String> faults = new ArrayList<>();
        environments.forEach((kind, environment) -> {
            if (environment.compile(expression) instanceof CelCompilation.Failure failure) {
                String message = failure.message();
                String issues = message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message;
                faults.add(kind + ": " + issues + "\n");
            }
        });
        if (!faults.isEmpty()) {
            warnings.add(ExpressionWarning.newBuilder()
                    .setFieldRef(field)
                    .setWarning(String.join("\n", faults))
                    .build());
        }
    }

    private CelEnvironment environment(ValidatingAdmissionPolicySpec spec, DeclType object) {
        CelEnvironment.Builder names = CelEnvironment.builder()
                .variable("request", AdmissionTypes.REQUEST)
                .variable("namespaceObject", AdmissionTypes.NAMESPACE)
                .variable("object", object)
                .variable("oldObject", object)
                .authorizer();
        if (spec.hasParamKind()) {
            Optional<DeclType> params = kinds.of(spec.getParamKind());
            params.ifPresentOrElse(
                    type -> names.variable("params", type), () -> names.variable("params", SimpleType.DYN));
        }
        CelEnvironment base = names.build();
        Map<String, DeclType> variables = new LinkedHashMap<>();
        CelEnvironment environment = withVariables(base, variables);
        for (Variable variable : spec.getVariablesList()) {
            CelType type = environment.compile(variable.getExpression()) instanceof CelProgram program
                    ? program.resultType()
                    : SimpleType.DYN;
            variables.put(variable.getName(), DeclType.scalar(type));
            environment = withVariables(base, variables);
        }
        return environment;
    }

    private static CelEnvironment withVariables(CelEnvironment base, Map<String, DeclType> variables) {
        return base.extend()
                .variable("variables", DeclType.object("kubernetes.variables", variables))
                .build();
    }
}
