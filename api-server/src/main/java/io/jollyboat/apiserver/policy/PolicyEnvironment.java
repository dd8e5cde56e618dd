package io.jollyboat.apiserver.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.jollyboat.cel.AdmissionTypes;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.cel.CelEnvironment;
import io.jollyboat.cel.CelProgram;
import io.jollyboat.cel.DeclType;
import io.jollyboat.cel.Types;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The names that expressions of one policy may use. Variables of the policy are added one after the other, each seeing those
 * before it. Used by one thread.
 */
public final class PolicyEnvironment {
    /** What validations and conditions evaluate to. */
    public static final List<CelType> BOOL = List.of(SimpleType.BOOL);

    /** What messages evaluate to. */
    public static final List<CelType> STRING = List.of(SimpleType.STRING);

    /** What values of audit annotations evaluate to. */
    public static final List<CelType> STRING_OR_NULL = List.of(SimpleType.STRING, SimpleType.NULL_TYPE);

    private static final String PREFIX = "kubernetes.variables";

    private final boolean params;
    private final Map<String, DeclType> variables = new LinkedHashMap<>();
    private CelEnvironment withAuthorizer;
    private CelEnvironment withoutAuthorizer;

    /** @param params whether the policy has parameters */
    public PolicyEnvironment(boolean params) {
        this.params = params;
    }

    private static final class Shared {
        private static final CelEnvironment PLAIN = CelEnvironment.builder()
                .variable("object", SimpleType.DYN)
                .variable("oldObject", SimpleType.DYN)
                .variable("request", AdmissionTypes.REQUEST)
                .variable("namespaceObject", AdmissionTypes.NAMESPACE)
                .build();
        private static final CelEnvironment WITH_AUTHORIZER =
                PLAIN.extend().authorizer().build();
        private static final CelEnvironment WITH_PARAMS =
                WITH_AUTHORIZER.extend().variable("params", SimpleType.DYN).build();
    }

    /** What match conditions may use: no variables of the policy. */
    public static CelCompilation condition(String expression, boolean params) {
        return compile(params ? Shared.WITH_PARAMS : Shared.WITH_AUTHORIZER, expression, BOOL);
    }

    /** Compiles a variable's expression; later ones may use the variable even if it does not compile. */
    public CelCompilation variable(String name, String expression) {
        CelCompilation compiled = environment(true).compile(expression);
        CelType type = compiled instanceof CelProgram program ? program.resultType() : SimpleType.DYN;
        variables.put(name, DeclType.scalar(type));
        withAuthorizer = null;
        withoutAuthorizer = null;
        return compiled;
    }

    /** Compiles an expression of the policy. Messages have no authorizer. */
    public CelCompilation compile(String expression, boolean authorizer, List<CelType> results) {
        return compile(environment(authorizer), expression, results);
    }

    /** Compiles an expression that gives a JSON patch. */
    public CelCompilation compilePatch(String expression) {
        CelCompilation compiled = environment(true)
                .extend()
                .type(MutationTypes.JSON_PATCH)
                .jsonPatchFunctions()
                .build()
                .compile(expression);
        if (compiled instanceof CelProgram program && !MutationTypes.isPatch(program.resultType())) {
            return new CelCompilation.Failure(
                    "must evaluate to list(JSONPatch) but got " + Types.text(program.resultType()));
        }
        return compiled;
    }

    /** Compiles an expression that gives an apply configuration. */
    public CelCompilation compileConfiguration(String expression) {
        CelCompilation compiled = environment(true).compileWithObjects(MutationTypes.OBJECT, expression);
        if (compiled instanceof CelProgram program && !MutationTypes.isObject(program.resultType())) {
            return new CelCompilation.Failure("must evaluate to Object but got " + Types.text(program.resultType()));
        }
        return compiled;
    }

    CelEnvironment environment(boolean authorizer) {
        if (authorizer) {
            withAuthorizer = withAuthorizer == null ? build(true) : withAuthorizer;
            return withAuthorizer;
        }
        withoutAuthorizer = withoutAuthorizer == null ? build(false) : withoutAuthorizer;
        return withoutAuthorizer;
    }

    private CelEnvironment build(boolean authorizer) {
        CelEnvironment.Builder builder = (authorizer ? Shared.WITH_AUTHORIZER : Shared.PLAIN).extend();
        if (params) {
            builder.variable("params", SimpleType.DYN);
        }
        return builder.variable("variables", DeclType.object(PREFIX, variables)).build();
    }

    static CelCompilation compile(CelEnvironment environment, String expression, List<CelType> results) {
        CelCompilation compiled = environment.compile(expression);
        if (compiled instanceof CelProgram program && !results.contains(program.resultType())) {
            String wanted = results.size() == 1
                    ? Types.text(results.getFirst())
                    : results.stream().map(Types::text).collect(Collectors.joining(" ", "one of [", "]"));
            return new CelCompilation.Failure(
                    "must evaluate to " + wanted + " but got " + Types.text(program.resultType()));
        }
        return compiled;
    }
}
