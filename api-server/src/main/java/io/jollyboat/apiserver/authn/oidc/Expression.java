package io.jollyboat.apiserver.authn.oidc;

import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.cel.CelEnvironment;
import io.jollyboat.cel.CelOutcome;
import io.jollyboat.cel.CelProgram;
import io.jollyboat.cel.Values;
import io.jollyboat.cel.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** An expression over {@code claims} or over {@code user}. */
final class Expression {
    private static final CelType MAP = MapType.create(SimpleType.STRING, SimpleType.DYN);

    private final CelProgram program;
    private final String variable;

    private Expression(CelProgram program, String variable) {
        this.program = program;
        this.variable = variable;
    }

    /**
     * @param path of the expression, for the error
     * @throws IllegalArgumentException when it does not compile
     */
    static Expression compile(String path, String variable, String text) {
        CelEnvironment environment =
                CelEnvironment.builder().variable(variable, MAP).build();
        return switch (environment.compile(text)) {
            case CelProgram program -> new Expression(program, variable);
            case CelCompilation.Failure failure -> throw new IllegalArgumentException(path + ": " + failure.message());
        };
    }

    String text() {
        return program.expression();
    }

    private Object value(JsonNode input, String what) throws RefusedToken {
        CelOutcome outcome = program.evaluate(Variables.of(Map.of(variable, input)));
        if (outcome.failed()) {
            throw new RefusedToken("oidc: error evaluating " + what + ": expression '" + text()
                    + "' resulted in error: " + outcome.error());
        }
        return outcome.value();
    }

    void requireTrue(JsonNode input, String what, String message) throws RefusedToken {
        Object value = value(input, what);
        if (!(value instanceof Boolean holds)) {
            throw new RefusedToken("oidc: error evaluating " + what + ": validation expression must return a boolean");
        }
        if (!holds) {
            throw new RefusedToken(
                    "oidc: error evaluating " + what + ": validation expression '" + text() + "' failed: " + message);
        }
    }

    String string(JsonNode input, String what, String noun) throws RefusedToken {
        if (value(input, what) instanceof String text) {
            return text;
        }
        throw new RefusedToken("oidc: error evaluating " + what + ": " + noun + " must return a string");
    }

    /** One string or several; an empty one, null and nothing come to none. */
    List<String> strings(JsonNode input, String what) throws RefusedToken {
        JsonNode json = Values.toJson(value(input, what));
        List<String> strings = new ArrayList<>();
        if (json.isNull()) {
            return strings;
        }
        for (JsonNode one : json.isArray() ? json : List.of(json)) {
            if (!one.isString()) {
                throw new RefusedToken(
                        "oidc: error evaluating " + what + ": expression must return a string or a list of strings");
            }
            if (!one.asString().isEmpty()) {
                strings.add(one.asString());
            }
        }
        return strings;
    }
}
