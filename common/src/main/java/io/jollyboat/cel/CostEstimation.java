package io.jollyboat.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Estimates what an expression can cost, step by step as cel-go's checker does, so that limits fall alike. */
final class CostEstimation {

    /** The sizes of what a list or map holds. */
    record EntrySize(boolean list, CostEstimate key, CostEstimate value) {
        static EntrySize union(EntrySize a, EntrySize b) {
            return a == null || b == null ? null : new EntrySize(a.list, a.key.union(b.key), a.value.union(b.value));
        }
    }

    private record Local(List<String> path, CostEstimate size, EntrySize entries) {}

    private final CelAbstractSyntaxTree ast;
    private final SizeEstimator estimator;
    private final CallEstimates calls;
    private final Map<Long, List<String>> paths = new HashMap<>();
    private final Map<Long, CostEstimate> sizes = new HashMap<>();
    private final Map<Long, EntrySize> entrySizes = new HashMap<>();
    private final Map<String, Deque<Local>> scopes = new HashMap<>();

    CostEstimation(CelAbstractSyntaxTree ast, SizeEstimator estimator) {
        this.ast = ast;
        this.estimator = estimator;
        this.calls = new CallEstimates(this);
    }

    CostEstimate estimate() {
        return cost(ast.getExpr());
    }

    private CostEstimate cost(CelExpr e) {
        return switch (e.getKind()) {
            case IDENT -> ident(e);
            case SELECT -> select(e);
            case CALL -> call(e);
            case LIST -> list(e);
            case MAP -> map(e);
            case STRUCT -> {
                CostEstimate sum = CostEstimate.fixed(AggregateNodes.STRUCT_COST);
                for (var entry : e.struct().entries()) {
                    sum = sum.plus(cost(entry.value()));
                }
                yield sum;
            }
            case COMPREHENSION -> isBind(e.comprehension()) ? bind(e) : fold(e);
            case CONSTANT, NOT_SET -> CostEstimate.ZERO;
        };
    }

    private CostEstimate ident(CelExpr e) {
        Local local = local(e.ident().name());
        paths.put(e.id(), local == null ? List.of(e.ident().name()) : local.path());
        return CostEstimate.ONE;
    }

    private CostEstimate select(CelExpr e) {
        CostEstimate operand = cost(e.select().operand());
        if (e.select().testOnly()) {
            return operand;
        }
        paths.put(e.id(), append(path(e.select().operand()), e.select().field()));
        return switch (type(e.select().operand()).kind()) {
            case MAP, STRUCT, TYPE_PARAM -> operand.plus(CostEstimate.ONE);
            default -> operand;
        };
    }

    private CostEstimate call(CelExpr e) {
        CelExpr.CelCall call = e.call();
        if (call.function().equals("dyn")) {
            CelExpr arg = call.args().getFirst();
            CostEstimate cost = cost(arg).plus(CostEstimate.ONE);
            copySizes(e, arg);
            return cost;
        }
        List<CostEstimate> argCosts = new ArrayList<>();
        call.args().forEach(arg -> argCosts.add(cost(arg)));
        List<String> overloads = ast.getReference(e.id())
                .map(CelReference::overloadIds)
                .orElse(com.google.common.collect.ImmutableList.of());
        if (overloads.isEmpty()) {
            return CostEstimate.ZERO;
        }
        CostEstimate target = call.target().map(this::cost).orElse(CostEstimate.ZERO);
        CostEstimate total = null;
        CostEstimate size = null;
        for (String overload : overloads) {
            CallEstimates.Estimate one = calls.estimate(e, overload, argCosts);
            total = total == null ? one.cost() : total.union(one.cost());
            if (one.resultSize() != null) {
                size = size == null ? one.resultSize() : size.union(one.resultSize());
            }
            if (overload.equals("index_list") || overload.equals("index_map")) {
                EntrySize entries = entrySize(call.args().getFirst());
                size = entries == null ? null : entries.value();
                paths.put(
                        e.id(),
                        append(path(call.args().getFirst()), overload.equals("index_list") ? "@items" : "@values"));
            }
            if (size == null) {
                size = size(e);
            }
        }
        if (size != null) {
            sizes.put(e.id(), size);
        }
        return target.plus(total);
    }

    private CostEstimate list(CelExpr e) {
        CostEstimate sum = CostEstimate.fixed(AggregateNodes.LIST_COST);
        CostEstimate item = null;
        for (CelExpr element : e.list().elements()) {
            sum = sum.plus(cost(element));
            item = item == null ? sizeOrUnknown(element) : item.union(sizeOrUnknown(element));
        }
        entrySizes.put(e.id(), new EntrySize(true, CostEstimate.ONE, item == null ? CostEstimate.ZERO : item));
        return sum;
    }

    private CostEstimate map(CelExpr e) {
        CostEstimate sum = CostEstimate.fixed(AggregateNodes.MAP_COST);
        CostEstimate keys = null;
        CostEstimate values = null;
        for (var entry : e.map().entries()) {
            sum = sum.plus(cost(entry.key())).plus(cost(entry.value()));
            keys = keys == null ? sizeOrUnknown(entry.key()) : keys.union(sizeOrUnknown(entry.key()));
            values = values == null ? sizeOrUnknown(entry.value()) : values.union(sizeOrUnknown(entry.value()));
        }
        entrySizes.put(
                e.id(),
                new EntrySize(
                        false, keys == null ? CostEstimate.ZERO : keys, values == null ? CostEstimate.ZERO : values));
        return sum;
    }

    private CostEstimate fold(CelExpr e) {
        CelExpr.CelComprehension fold = e.comprehension();
        CostEstimate sum = cost(fold.iterRange()).plus(cost(fold.accuInit()));
        push(fold.accuVar(), new Local(path(fold.accuInit()), size(fold.accuInit()), entrySize(fold.accuInit())));
        EntrySize entries = entrySize(fold.iterRange());
        boolean list = entries != null ? entries.list() : type(fold.iterRange()).kind() == CelKind.LIST;
        List<String> range = path(fold.iterRange());
        CostEstimate key = entries == null ? null : entries.key();
        CostEstimate value = entries == null ? null : entries.value();
        boolean two = !fold.iterVar2().isEmpty();
        if (two) {
            push(fold.iterVar(), new Local(append(range, list ? "@indices" : "@keys"), key, null));
            push(fold.iterVar2(), new Local(append(range, list ? "@items" : "@values"), value, null));
        } else {
            push(fold.iterVar(), new Local(append(range, list ? "@items" : "@keys"), list ? value : key, null));
        }
        CostEstimate loop = cost(fold.loopCondition());
        CostEstimate step = cost(fold.loopStep());
        scopes.get(fold.iterVar()).pop();
        if (two) {
            scopes.get(fold.iterVar2()).pop();
        }
        sum = sum.plus(cost(fold.result()));
        scopes.get(fold.accuVar()).pop();
        CostEstimate count = sizeOrUnknown(fold.iterRange());
        sum = sum.plus(count.times(step.plus(loop)));
        switch (fold.accuInit().getKind()) {
            case CONSTANT -> sizes.put(e.id(), size(fold.accuInit()));
            case LIST, MAP -> {
                sizes.put(e.id(), count);
                EntrySize produced = entrySize(fold.loopStep());
                if (produced != null) {
                    entrySizes.put(e.id(), produced);
                }
            }
            default -> {}
        }
        return sum;
    }

    private static boolean isBind(CelExpr.CelComprehension fold) {
        return fold.iterRange().getKind() == CelExpr.ExprKind.Kind.LIST
                && fold.iterRange().list().elements().isEmpty()
                && fold.loopCondition().getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && fold.loopCondition().constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
                && !fold.loopCondition().constant().booleanValue()
                && !fold.accuVar().equals("__result__");
    }

    private CostEstimate bind(CelExpr e) {
        CelExpr.CelComprehension bind = e.comprehension();
        CostEstimate sum = cost(bind.iterRange()).plus(cost(bind.accuInit()));
        push(bind.accuVar(), new Local(path(bind.accuInit()), size(bind.accuInit()), entrySize(bind.accuInit())));
        sum = sum.plus(cost(bind.result()));
        scopes.get(bind.accuVar()).pop();
        copySizes(e, bind.result());
        return sum;
    }

    private void push(String name, Local local) {
        scopes.computeIfAbsent(name, ignored -> new ArrayDeque<>()).push(local);
    }

    private Local local(String name) {
        Deque<Local> all = scopes.get(name);
        return all == null ? null : all.peek();
    }

    private void copySizes(CelExpr to, CelExpr from) {
        CostEstimate size = size(from);
        if (size != null) {
            sizes.put(to.id(), size);
        }
        EntrySize entries = entrySize(from);
        if (entries != null) {
            entrySizes.put(to.id(), entries);
        }
    }

    CelType type(CelExpr e) {
        return ast.getType(e.id()).orElse(dev.cel.common.types.SimpleType.DYN);
    }

    List<String> path(CelExpr e) {
        if (e.getKind() == CelExpr.ExprKind.Kind.IDENT) {
            Local local = local(e.ident().name());
            if (local != null) {
                return local.path();
            }
        }
        return paths.getOrDefault(e.id(), List.of());
    }

    /** What the outside knows of the size on a path; accumulators are nobody's. */
    CostEstimate outside(List<String> path) {
        return path.isEmpty() || Macros.isAccumulator(path.getFirst()) ? null : estimator.size(path);
    }

    void setEntries(CelExpr e, EntrySize entries) {
        if (entries != null) {
            entrySizes.put(e.id(), entries);
        }
    }

    CostEstimate sizeOrUnknown(CelExpr e) {
        CostEstimate size = size(e);
        return size == null ? CostEstimate.UNKNOWN : size;
    }

    CostEstimate size(CelExpr e) {
        CostEstimate known = sizes.get(e.id());
        if (known != null) {
            return known;
        }
        switch (e.getKind()) {
            case CONSTANT -> {
                return CostEstimate.fixed(Math.max(Values.size(Planner.constant(e.constant())), isSized(e) ? 0 : 1));
            }
            case LIST -> {
                return CostEstimate.fixed(e.list().elements().size());
            }
            case MAP -> {
                return CostEstimate.fixed(e.map().entries().size());
            }
            default -> {}
        }
        CostEstimate outside = estimator.size(path(e));
        if (outside != null) {
            sizes.put(e.id(), outside);
            return outside;
        }
        if (isScalar(type(e))) {
            return CostEstimate.ONE;
        }
        Local local =
                e.getKind() == CelExpr.ExprKind.Kind.IDENT ? local(e.ident().name()) : null;
        return local == null ? null : local.size();
    }

    private static boolean isSized(CelExpr e) {
        return e.constant().getKind() == CelConstant.Kind.STRING_VALUE
                || e.constant().getKind() == CelConstant.Kind.BYTES_VALUE;
    }

    private static boolean isScalar(CelType type) {
        return switch (type.kind()) {
            case BOOL, DOUBLE, DURATION, INT, TIMESTAMP, UINT -> true;
            case OPAQUE ->
                type instanceof OptionalType && isScalar(type.parameters().getFirst());
            default -> false;
        };
    }

    EntrySize entrySize(CelExpr e) {
        EntrySize known = entrySizes.get(e.id());
        if (known != null || e.getKind() != CelExpr.ExprKind.Kind.IDENT) {
            return known;
        }
        Local local = local(e.ident().name());
        return local == null ? null : local.entries();
    }

    static List<String> append(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }
}
