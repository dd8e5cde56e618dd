package io.jollyboat.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelIssue;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import java.util.List;
import java.util.Optional;

/** The macros beyond the language's own: two-variable comprehensions, {@code optMap}, {@code optFlatMap}, {@code sortBy}. */
final class Macros {

    static final String SORT_BY = "@sortByAssociatedKeys";
    private static final String SORT_INPUT = "@__sortBy_input__";
    private static final String ACCUMULATOR = "@result";
    private static final String OLD_ACCUMULATOR = "__result__";

    private Macros() {}

    static boolean isAccumulator(String name) {
        return name.equals(ACCUMULATOR) || name.equals(OLD_ACCUMULATOR);
    }

    static List<CelMacro> all() {
        return List.of(
                CelMacro.newReceiverMacro("all", 3, Macros::all),
                CelMacro.newReceiverMacro("exists", 3, Macros::exists),
                CelMacro.newReceiverMacro("existsOne", 3, Macros::existsOne),
                CelMacro.newReceiverMacro("exists_one", 3, Macros::existsOne),
                CelMacro.newReceiverMacro("transformList", 3, Macros::transformList),
                CelMacro.newReceiverMacro("transformList", 4, Macros::transformList),
                CelMacro.newReceiverMacro("transformMap", 3, Macros::transformMap),
                CelMacro.newReceiverMacro("transformMap", 4, Macros::transformMap),
                CelMacro.newReceiverMacro("transformMapEntry", 3, Macros::transformMapEntry),
                CelMacro.newReceiverMacro("transformMapEntry", 4, Macros::transformMapEntry),
                CelMacro.newReceiverMacro("optMap", 2, (f, target, args) -> optional(f, target, args, "optMap")),
                CelMacro.newReceiverMacro(
                        "optFlatMap", 2, (f, target, args) -> optional(f, target, args, "optFlatMap")),
                CelMacro.newReceiverMacro("sortBy", 2, Macros::sortBy));
    }

    private static Optional<CelExpr> error(CelMacroExprFactory factory, CelExpr at, String message) {
        return Optional.of(factory.reportError(CelIssue.formatError(factory.getSourceLocation(at), message)));
    }

    private static boolean isName(CelExpr expr) {
        return expr.getKind() == CelExpr.ExprKind.Kind.IDENT;
    }

    /** A two-variable comprehension, or what is wrong with the names of its variables. */
    private static Optional<CelExpr> fold(
            CelMacroExprFactory factory,
            CelExpr target,
            List<CelExpr> args,
            CelExpr init,
            CelExpr condition,
            CelExpr step,
            CelExpr result) {
        for (CelExpr arg : args.subList(0, 2)) {
            if (!isName(arg)) {
                return error(factory, arg, "argument must be a simple name");
            }
        }
        String first = args.get(0).ident().name();
        String second = args.get(1).ident().name();
        if (first.equals(second)) {
            return error(factory, args.get(1), "duplicate variable name: " + first);
        }
        for (CelExpr arg : args.subList(0, 2)) {
            if (isAccumulator(arg.ident().name())) {
                return error(factory, arg, "iteration variable overwrites accumulator variable");
            }
        }
        return Optional.of(
                factory.fold(first, second, target, factory.getAccumulatorVarName(), init, condition, step, result));
    }

    private static CelExpr accumulator(CelMacroExprFactory factory) {
        return factory.newIdentifier(factory.getAccumulatorVarName());
    }

    private static Optional<CelExpr> all(CelMacroExprFactory f, CelExpr target, ImmutableList<CelExpr> args) {
        return fold(
                f,
                target,
                args,
                f.newBoolLiteral(true),
                f.newGlobalCall("@not_strictly_false", accumulator(f)),
                f.newGlobalCall("_&&_", accumulator(f), args.get(2)),
                accumulator(f));
    }

    private static Optional<CelExpr> exists(CelMacroExprFactory f, CelExpr target, ImmutableList<CelExpr> args) {
        return fold(
                f,
                target,
                args,
                f.newBoolLiteral(false),
                f.newGlobalCall("@not_strictly_false", f.newGlobalCall("!_", accumulator(f))),
                f.newGlobalCall("_||_", accumulator(f), args.get(2)),
                accumulator(f));
    }

    private static Optional<CelExpr> existsOne(CelMacroExprFactory f, CelExpr target, ImmutableList<CelExpr> args) {
        return fold(
                f,
                target,
                args,
                f.newIntLiteral(0),
                f.newBoolLiteral(true),
                f.newGlobalCall(
                        "_?_:_",
                        args.get(2),
                        f.newGlobalCall("_+_", accumulator(f), f.newIntLiteral(1)),
                        accumulator(f)),
                f.newGlobalCall("_==_", accumulator(f), f.newIntLiteral(1)));
    }

    private static CelExpr filtered(CelMacroExprFactory f, List<CelExpr> args, CelExpr step) {
        return args.size() == 4 ? f.newGlobalCall("_?_:_", args.get(2), step, accumulator(f)) : step;
    }

    private static Optional<CelExpr> transformList(CelMacroExprFactory f, CelExpr target, ImmutableList<CelExpr> args) {
        CelExpr step = f.newGlobalCall("_+_", accumulator(f), f.newList(args.getLast()));
        return fold(f, target, args, f.newList(), f.newBoolLiteral(true), filtered(f, args, step), accumulator(f));
    }

    private static Optional<CelExpr> transformMap(CelMacroExprFactory f, CelExpr target, ImmutableList<CelExpr> args) {
        CelExpr key = isName(args.getFirst())
                ? f.newIdentifier(args.getFirst().ident().name())
                : args.getFirst();
        CelExpr step = f.newGlobalCall("cel.@mapInsert", accumulator(f), key, args.getLast());
        return fold(f, target, args, f.newMap(), f.newBoolLiteral(true), filtered(f, args, step), accumulator(f));
    }

    private static Optional<CelExpr> transformMapEntry(
            CelMacroExprFactory f, CelExpr target, ImmutableList<CelExpr> args) {
        CelExpr step = f.newGlobalCall("cel.@mapInsert", accumulator(f), args.getLast());
        return fold(f, target, args, f.newMap(), f.newBoolLiteral(true), filtered(f, args, step), accumulator(f));
    }

    private static CelExpr bind(CelMacroExprFactory f, String name, CelExpr value, CelExpr in) {
        return f.fold("#unused", f.newList(), name, value, f.newBoolLiteral(false), f.newIdentifier(name), in);
    }

    private static Optional<CelExpr> optional(CelMacroExprFactory f, CelExpr target, List<CelExpr> args, String macro) {
        if (!isName(args.getFirst())) {
            return error(f, args.getFirst(), macro + "() variable name must be a simple identifier");
        }
        CelExpr value = f.newReceiverCall("value", f.copy(target));
        CelExpr bound = bind(f, args.getFirst().ident().name(), value, args.get(1));
        return Optional.of(f.newGlobalCall(
                "_?_:_",
                f.newReceiverCall("hasValue", target),
                macro.equals("optMap") ? f.newGlobalCall("optional.of", bound) : bound,
                f.newGlobalCall("optional.none")));
    }

    private static Optional<CelExpr> sortBy(CelMacroExprFactory f, CelExpr target, ImmutableList<CelExpr> args) {
        switch (target.getKind()) {
            case LIST, SELECT, IDENT, COMPREHENSION, CALL -> {}
            default -> {
                return error(
                        f,
                        target,
                        "sortBy can only be applied to a list, identifier, comprehension, call or select expression");
            }
        }
        if (!isName(args.getFirst())) {
            return error(f, args.getFirst(), "argument is not an identifier");
        }
        CelExpr keys = f.fold(
                args.getFirst().ident().name(),
                f.newIdentifier(SORT_INPUT),
                f.getAccumulatorVarName(),
                f.newList(),
                f.newBoolLiteral(true),
                f.newGlobalCall("_+_", accumulator(f), f.newList(args.get(1))),
                accumulator(f));
        return Optional.of(bind(f, SORT_INPUT, target, f.newReceiverCall(SORT_BY, f.newIdentifier(SORT_INPUT), keys)));
    }
}
