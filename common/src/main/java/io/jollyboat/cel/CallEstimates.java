package io.jollyboat.cel;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import java.util.List;

/** Estimated costs of calls: Kubernetes' own functions first, then cel-go's. */
final class CallEstimates {

    private static final double TRAVERSAL = RuntimeCost.TRAVERSAL;
    private static final double REGEX = RuntimeCost.REGEX;
    private static final long MAX_NAME_REGEX = 128;
    private static final CostEstimate ADDRESS = new CostEstimate(4, 16);

    private final CostEstimation sizes;

    CallEstimates(CostEstimation sizes) {
        this.sizes = sizes;
    }

    /** A cost, and the size of the result where it is known. */
    record Estimate(CostEstimate cost, CostEstimate resultSize) {
        static Estimate of(CostEstimate cost) {
            return new Estimate(cost, null);
        }
    }

    /** The estimate of one overload, costs of arguments included. */
    Estimate estimate(CelExpr e, String overload, List<CostEstimate> argCosts) {
        CelExpr.CelCall call = e.call();
        CelExpr target = call.target().orElse(null);
        Estimate own = lists(overload, target, call.args());
        if (own == null) {
            own = kubernetes(call.function(), overload, target, call.args());
        }
        if (own == null) {
            own = standard(e, overload, target, call.args(), argCosts);
            if (own != null
                    && (overload.equals("logical_and")
                            || overload.equals("logical_or")
                            || overload.equals("conditional"))) {
                return own;
            }
        }
        CostEstimate sum = own == null ? CostEstimate.ONE : own.cost();
        for (CostEstimate cost : argCosts) {
            sum = sum.plus(cost);
        }
        return new Estimate(sum, own == null ? null : own.resultSize());
    }

    private CostEstimate size(CelExpr e) {
        return sizes.sizeOrUnknown(e);
    }

    private CostEstimate traversal(CelExpr e) {
        return size(e).times(TRAVERSAL);
    }

    /** cel-go's set and list extensions. */
    private Estimate lists(String overload, CelExpr target, List<CelExpr> args) {
        return switch (overload) {
            case "list_sets_contains_list", "list_sets_intersects_list" -> {
                yield Estimate.of(size(args.get(0)).times(size(args.get(1))).plus(CostEstimate.ONE));
            }
            case "list_sets_equivalent_list" -> {
                yield Estimate.of(
                        size(args.get(0)).times(size(args.get(1))).times(2.0).plus(CostEstimate.ONE));
            }
            case "lists_range" -> {
                yield allocating(1, CostEstimate.fixed(constant(args.get(0), Long.MAX_VALUE)));
            }
            case "list_slice" -> {
                long end = constant(args.get(1), size(target).max());
                yield allocating(1, CostEstimate.fixed(Math.max(0, end - constant(args.get(0), 0))));
            }
            case "list_reverse" -> {
                yield allocating(1, size(target));
            }
            case "list_flatten", "list_flatten_int" -> {
                long depth = args.isEmpty() ? 1 : constant(args.getFirst(), Long.MAX_VALUE);
                yield allocating((double) depth, size(target));
            }
            case "list_distinct" -> {
                yield allocating(2, size(target).times(size(target)));
            }
            default -> {
                boolean by = overload.endsWith("_sortByAssociatedKeys");
                if (!overload.startsWith("list_") || (!by && !overload.endsWith("_sort"))) {
                    yield null;
                }
                CostEstimate size = size(by ? args.getFirst() : target);
                boolean text = overload.startsWith("list_string") || overload.startsWith("list_bytes");
                yield allocating(text ? 2 + TRAVERSAL : 2, size.times(size));
            }
        };
    }

    private static Estimate allocating(double factor, CostEstimate size) {
        return new Estimate(size.times(factor).plus(CostEstimate.fixed(11)), size);
    }

    private static long constant(CelExpr e, long otherwise) {
        boolean number =
                e.getKind() == CelExpr.ExprKind.Kind.CONSTANT && e.constant().getKind() == CelConstant.Kind.INT64_VALUE;
        return number ? Math.max(0, e.constant().int64Value()) : otherwise;
    }

    private Estimate kubernetes(String function, String overload, CelExpr target, List<CelExpr> args) {
        return switch (function) {
            case "check" -> Estimate.of(CostEstimate.fixed(350_000));
            case "serviceAccount",
                    "path",
                    "group",
                    "resource",
                    "subresource",
                    "namespace",
                    "name",
                    "allowed",
                    "reason",
                    "error",
                    "errored",
                    "masked",
                    "prefixLength",
                    "family",
                    "isUnspecified",
                    "isLoopback",
                    "isLinkLocalMulticast",
                    "isLinkLocalUnicast",
                    "isGlobalUnicast",
                    "format.named",
                    "sign",
                    "asInteger",
                    "isInteger",
                    "asApproximateFloat",
                    "isGreaterThan",
                    "isLessThan",
                    "compareTo",
                    "add",
                    "sub",
                    "major",
                    "minor",
                    "patch",
                    "getScheme",
                    "getHostname",
                    "getHost",
                    "getPort",
                    "getEscapedPath",
                    "getQuery" -> Estimate.of(CostEstimate.ONE);
            case "fieldSelector", "labelSelector" -> {
                CostEstimate length = size(args.getFirst());
                yield Estimate.of(CostEstimate.fixed(10)
                        .plus(length.times(TRAVERSAL))
                        .plus(length.times(0.5).times(50.0)));
            }
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> target == null ? null : overList(target);
            case "url", "jsonpatch.escapeKey" -> new Estimate(traversal(args.getFirst()), size(args.getFirst()));
            case "lowerAscii", "upperAscii", "substring", "trim" -> new Estimate(traversal(target), size(target));
            case "replace" ->
                new Estimate(
                        size(target).times(2 * TRAVERSAL),
                        replaced(size(target), size(args.get(0)), size(args.get(1))));
            case "split" -> {
                long most = args.size() > 1
                        ? splitLimit(args.get(1), size(target).max())
                        : size(target).max();
                yield new Estimate(size(target).times(2 * TRAVERSAL), new CostEstimate(0, most));
            }
            case "join" -> join(target, args);
            case "find", "findAll" ->
                new Estimate(
                        size(target)
                                .plus(CostEstimate.ONE)
                                .times(TRAVERSAL)
                                .times(size(args.getFirst()).times(REGEX)),
                        new CostEstimate(0, size(target).max()));
            case "cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver" ->
                Estimate.of(traversal(args.getFirst()));
            case "ip" -> Estimate.of(overload.equals("cidr_ip") ? CostEstimate.ONE : traversal(args.getFirst()));
            case "ip.isCanonical" -> Estimate.of(size(args.getFirst()).times(2 * TRAVERSAL));
            case "containsIP", "containsCIDR" -> Estimate.of(contains(function, overload, args));
            case "validate" -> Estimate.of(traversal(args.getFirst()).times(MAX_NAME_REGEX * REGEX));
            case "_==_" -> opaqueEquality(args);
            default -> null;
        };
    }

    private Estimate overList(CelExpr target) {
        if (!(sizes.type(target) instanceof ListType list)) {
            return Estimate.of(traversal(target));
        }
        CostEstimate element = CostEstimate.ONE;
        CelKind kind = list.elemType().kind();
        if (kind == CelKind.STRING || kind == CelKind.BYTES) {
            element = element.plus(elementSize(target).times(TRAVERSAL));
        }
        return Estimate.of(size(target).times(element));
    }

    private CostEstimate elementSize(CelExpr list) {
        List<String> path = sizes.path(list);
        CostEstimate size = path.isEmpty() ? null : sizes.outside(CostEstimation.append(path, "@items"));
        return size == null ? CostEstimate.UNKNOWN : size;
    }

    private static long splitLimit(CelExpr limit, long otherwise) {
        return limit.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                        && limit.constant().getKind() == CelConstant.Kind.INT64_VALUE
                ? limit.constant().int64Value() < 0
                        ? Long.MAX_VALUE
                        : limit.constant().int64Value()
                : otherwise;
    }

    private Estimate join(CelExpr target, List<CelExpr> args) {
        CostEstimate count = size(target);
        CostEstimate size = count.times(elementSize(target));
        if (!args.isEmpty()) {
            size = size.plus(size(args.getFirst())
                    .times(new CostEstimate(Math.max(0, count.min() - 1), Math.max(0, count.max() - 1))));
        }
        return new Estimate(size.times(TRAVERSAL), size);
    }

    /** The size of a text in which as many parts as possible, or as few, were replaced. */
    private static CostEstimate replaced(CostEstimate text, CostEstimate old, CostEstimate with) {
        CostEstimate count;
        CostEstimate kept;
        long maxCount = 0;
        long maxKept = 0;
        if (old.min() == 0) {
            maxCount = text.max() == Long.MAX_VALUE ? text.max() : text.max() + 1;
            maxKept = text.max();
        } else if (with.max() <= old.min()) {
            maxKept = text.max();
        } else {
            maxCount = (long) Math.ceil((double) text.max() / old.min());
        }
        long minCount = 0;
        long minKept = 0;
        if (old.max() == 0) {
            minCount = text.min() == Long.MAX_VALUE ? text.min() : text.min() + 1;
            minKept = text.min();
        } else if (old.max() <= with.min()) {
            minKept = text.min();
        } else {
            minCount = (long) Math.ceil((double) text.min() / old.max());
        }
        count = new CostEstimate(minCount, maxCount);
        kept = new CostEstimate(minKept, maxKept);
        return count.times(with).plus(kept);
    }

    private CostEstimate contains(String function, String overload, List<CelExpr> args) {
        CostEstimate cost = ADDRESS.plus(ADDRESS).times(TRAVERSAL);
        if (function.equals("containsCIDR")) {
            cost = cost.plus(ADDRESS.times(TRAVERSAL)).plus(CostEstimate.ONE);
        }
        return overload.endsWith("_string") ? cost.plus(traversal(args.getFirst())) : cost;
    }

    private Estimate opaqueEquality(List<CelExpr> args) {
        CelType left = sizes.type(args.get(0));
        if (!(left instanceof OpaqueType) || !left.equals(sizes.type(args.get(1)))) {
            return null;
        }
        return switch (left.name()) {
            case "kubernetes.NamedFormat" -> Estimate.of(new CostEstimate(1, 64).times(TRAVERSAL));
            case "kubernetes.URL" -> {
                CostEstimate right = sizes.size(args.get(1));
                yield Estimate.of(new CostEstimate(1, right == null ? 1 : right.max()).times(TRAVERSAL));
            }
            default -> Estimate.of(CostEstimate.ONE);
        };
    }

    private Estimate standard(
            CelExpr e, String overload, CelExpr target, List<CelExpr> args, List<CostEstimate> argCosts) {
        return switch (overload) {
            case "string_format" -> Estimate.of(traversal(target));
            case "string_to_bytes" -> {
                CostEstimate size = size(args.getFirst());
                yield new Estimate(
                        size.times(TRAVERSAL),
                        new CostEstimate(size.min(), size.times(4.0).max()));
            }
            case "bytes_to_string" -> {
                CostEstimate size = size(args.getFirst());
                yield new Estimate(size.times(TRAVERSAL), new CostEstimate(size.min() / 4, size.max()));
            }
            case "strings_quote" -> {
                CostEstimate size = size(args.getFirst());
                CostEstimate two = CostEstimate.fixed(2);
                yield new Estimate(
                        size.times(TRAVERSAL),
                        new CostEstimate(
                                size.plus(two).min(), size.times(2.0).plus(two).max()));
            }
            case "starts_with_string", "ends_with_string" -> Estimate.of(traversal(args.getFirst()));
            case "in_list" -> Estimate.of(size(args.get(1)));
            case "matches_string" ->
                target == null
                        ? null
                        : Estimate.of(size(target)
                                .plus(CostEstimate.ONE)
                                .times(TRAVERSAL)
                                .times(size(args.getFirst()).times(REGEX)));
            case "contains_string" -> Estimate.of(traversal(target).times(traversal(args.getFirst())));
            case "logical_and", "logical_or" ->
                Estimate.of(new CostEstimate(
                        argCosts.get(0).min(),
                        argCosts.get(0).plus(argCosts.get(1)).max()));
            case "conditional" -> {
                sizes.setEntries(
                        e, CostEstimation.EntrySize.union(sizes.entrySize(args.get(1)), sizes.entrySize(args.get(2))));
                yield new Estimate(
                        argCosts.get(0).plus(argCosts.get(1).union(argCosts.get(2))),
                        size(args.get(1)).union(size(args.get(2))));
            }
            case "add_string", "add_bytes", "add_list" -> {
                CostEstimate size = size(args.get(0)).plus(size(args.get(1)));
                sizes.setEntries(
                        e, CostEstimation.EntrySize.union(sizes.entrySize(args.get(0)), sizes.entrySize(args.get(1))));
                yield new Estimate(overload.equals("add_list") ? CostEstimate.ONE : size.times(TRAVERSAL), size);
            }
            case "less_string",
                    "greater_string",
                    "less_equals_string",
                    "greater_equals_string",
                    "less_bytes",
                    "greater_bytes",
                    "less_equals_bytes",
                    "greater_equals_bytes",
                    "equals",
                    "not_equals" -> {
                long most = Math.min(size(args.get(0)).max(), size(args.get(1)).max());
                yield Estimate.of(new CostEstimate(most > 0 ? 1 : 0, most).times(TRAVERSAL));
            }
            default -> null;
        };
    }
}
