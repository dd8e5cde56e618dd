package io.jollyboat.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.List;

/** Literals of durations, timestamps and regular expressions must be valid before anything runs. */
final class LiteralChecks {

    private final CelSource source;
    private final List<CelIssue> issues = new ArrayList<>();

    private LiteralChecks(CelSource source) {
        this.source = source;
    }

    /** What is wrong, in cel-go's form, or null. */
    static String problems(CelAbstractSyntaxTree ast, String expression) {
        LiteralChecks checks = new LiteralChecks(ast.getSource());
        checks.visit(ast.getExpr());
        if (checks.issues.isEmpty()) {
            return null;
        }
        CelSource text =
                CelSource.newBuilder(expression).setDescription("<input>").build();
        return ErrorTexts.of(checks.issues, text);
    }

    private void visit(CelExpr expr) {
        switch (expr.getKind()) {
            case CALL -> {
                expr.call().target().ifPresent(this::visit);
                expr.call().args().forEach(this::visit);
                check(expr.call());
            }
            case SELECT -> visit(expr.select().operand());
            case LIST -> expr.list().elements().forEach(this::visit);
            case MAP ->
                expr.map().entries().forEach(e -> {
                    visit(e.key());
                    visit(e.value());
                });
            case STRUCT -> expr.struct().entries().forEach(e -> visit(e.value()));
            case COMPREHENSION -> {
                visit(expr.comprehension().iterRange());
                visit(expr.comprehension().accuInit());
                visit(expr.comprehension().loopCondition());
                visit(expr.comprehension().loopStep());
                visit(expr.comprehension().result());
            }
            case CONSTANT, IDENT, NOT_SET -> {}
        }
    }

    private void check(CelExpr.CelCall call) {
        int position = switch (call.function()) {
            case "duration", "timestamp" -> 0;
            case "matches" -> call.target().isPresent() ? 0 : 1;
            default -> -1;
        };
        if (position < 0 || call.args().size() <= position) {
            return;
        }
        CelExpr literal = call.args().get(position);
        if (literal.getKind() != CelExpr.ExprKind.Kind.CONSTANT
                || literal.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
            return;
        }
        try {
            String text = literal.constant().stringValue();
            switch (call.function()) {
                case "duration" -> TimeFunctions.duration(text);
                case "timestamp" -> TimeFunctions.timestamp(text);
                default -> Regexes.compile(text);
            }
        } catch (EvalError e) {
            int offset = source.getPositionsMap().getOrDefault(literal.id(), 0);
            CelSourceLocation at = source.getOffsetLocation(offset).orElse(CelSourceLocation.NONE);
            issues.add(CelIssue.formatError(literal.id(), at, "invalid " + call.function() + " argument"));
        }
    }
}
