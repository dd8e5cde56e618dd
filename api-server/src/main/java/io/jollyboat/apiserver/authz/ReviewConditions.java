package io.jollyboat.apiserver.authz;

import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import io.jollyboat.apiserver.authz.AuthorizationConfiguration.MatchCondition;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.cel.CelEnvironment;
import io.jollyboat.cel.CelOutcome;
import io.jollyboat.cel.CelProgram;
import io.jollyboat.cel.DeclType;
import io.jollyboat.cel.Types;
import io.jollyboat.cel.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Which requests a webhook is asked about: those of which all expressions over {@code request} are true. */
final class ReviewConditions {
    private final List<CelProgram> programs;

    private ReviewConditions(List<CelProgram> programs) {
        this.programs = List.copyOf(programs);
    }

    /** @param conditions that were checked before */
    static ReviewConditions of(List<MatchCondition> conditions) {
        List<CelProgram> programs = new ArrayList<>();
        for (MatchCondition condition : conditions) {
            if (compile(condition.expression()) instanceof CelProgram program) {
                programs.add(program);
            }
        }
        return new ReviewConditions(programs);
    }

    /** What an evaluation came to. */
    sealed interface Outcome {
        record Matches() implements Outcome {}

        record Differs() implements Outcome {}

        record Failed(String error) implements Outcome {}
    }

    boolean isEmpty() {
        return programs.isEmpty();
    }

    /** @param spec of the SubjectAccessReview, with empty texts in it too */
    Outcome evaluate(JsonNode spec) {
        List<String> errors = new ArrayList<>();
        for (CelProgram program : programs) {
            CelOutcome outcome = program.evaluate(Variables.of(Map.of("request", spec)));
            if (outcome.failed()) {
                errors.add("cel evaluation error: expression '" + program.expression() + "' resulted in error: "
                        + outcome.error());
            } else if (!outcome.isTrue()) {
                return new Outcome.Differs();
            }
        }
        return errors.isEmpty() ? new Outcome.Matches() : new Outcome.Failed(GoText.aggregate(errors));
    }

    static CelCompilation compile(String expression) {
        CelCompilation compiled = Environment.ENVIRONMENT.compile(expression);
        if (compiled instanceof CelProgram program && !program.resultType().equals(SimpleType.BOOL)) {
            return new CelCompilation.Failure("must evaluate to bool but got " + Types.text(program.resultType()));
        }
        return compiled;
    }

    /** Made when first needed. */
    private static final class Environment {
        private static final DeclType TEXT = DeclType.scalar(SimpleType.STRING);
        private static final DeclType TEXTS = DeclType.scalar(ListType.create(SimpleType.STRING));
        private static final CelEnvironment ENVIRONMENT =
                CelEnvironment.builder().variable("request", request()).build();

        private static DeclType request() {
            DeclType resource = DeclType.object(
                    "kubernetes.ResourceAttributes",
                    Map.of(
                            "namespace", TEXT,
                            "verb", TEXT,
                            "group", TEXT,
                            "version", TEXT,
                            "resource", TEXT,
                            "subresource", TEXT,
                            "name", TEXT,
                            "fieldSelector", selector("kubernetes.FieldSelectorAttributes"),
                            "labelSelector", selector("kubernetes.LabelSelectorAttributes")));
            DeclType path = DeclType.object("kubernetes.NonResourceAttributes", Map.of("path", TEXT, "verb", TEXT));
            return DeclType.object(
                    "kubernetes.SubjectAccessReviewSpec",
                    Map.of(
                            "resourceAttributes",
                            resource,
                            "nonResourceAttributes",
                            path,
                            "user",
                            TEXT,
                            "groups",
                            TEXTS,
                            "extra",
                            DeclType.scalar(MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING))),
                            "uid",
                            TEXT));
        }

        private static DeclType selector(String name) {
            DeclType requirement = DeclType.object(
                    "kubernetes.SelectorRequirement", Map.of("key", TEXT, "operator", TEXT, "values", TEXTS));
            return DeclType.object(name, Map.of("rawSelector", TEXT, "requirements", DeclType.list(requirement, 0)));
        }
    }
}
