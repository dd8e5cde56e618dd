package io.jollyboat.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.CelType;

/** A compiled expression. Immutable; any number of threads may evaluate it. */
public final class CelProgram implements CelCompilation {

    /** What one evaluation may cost before it is ended, as upstream has it. */
    public static final long PER_CALL_LIMIT = 1_000_000;

    private final String expression;
    private final CelAbstractSyntaxTree ast;
    private final Node node;
    private final int locals;
    private final int globals;

    CelProgram(String expression, CelAbstractSyntaxTree ast, Libraries libraries) {
        Planner planner = new Planner(ast, libraries);
        this.expression = expression;
        this.ast = ast;
        this.node = planner.plan();
        this.locals = planner.locals();
        this.globals = planner.globals();
    }

    /** The text it was compiled from. */
    public String expression() {
        return expression;
    }

    /** The type of its results as the checker knows it. */
    public CelType resultType() {
        return ast.getResultType();
    }

    /** The checked tree. */
    CelAbstractSyntaxTree tree() {
        return ast;
    }

    /** Whether the expression mentions the variable. */
    public boolean uses(String variable) {
        return ast.getReferenceMap().values().stream()
                .anyMatch(reference -> reference.name().equals(variable));
    }

    /** Evaluates it under upstream's limit per call. */
    public CelOutcome evaluate(Variables variables) {
        return evaluate(variables, PER_CALL_LIMIT);
    }

    /** Evaluates it; costs beyond the limit end it with an error. */
    public CelOutcome evaluate(Variables variables, long costLimit) {
        Frame frame = new Frame(variables, locals, globals, costLimit);
        try {
            return new CelOutcome(node.eval(frame), null, frame.cost(), false);
        } catch (EvalError e) {
            return new CelOutcome(null, e.getMessage(), frame.cost(), false);
        } catch (CostLimitExceeded e) {
            return new CelOutcome(null, e.getMessage(), frame.cost(), true);
        } catch (StackOverflowError e) {
            return new CelOutcome(null, "expression is nested too deeply", frame.cost(), false);
        }
    }

    /** The range of what an evaluation may cost, as upstream estimates it from the sizes that values may have. */
    public CostEstimate estimateCost(SizeEstimator sizes) {
        return new CostEstimation(ast, sizes).estimate();
    }
}
