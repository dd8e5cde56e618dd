package io.jollyboat.cel;

import java.util.List;
import java.util.Map;

/** What a call costs when it runs, by function and overload, as upstream's estimator and cel-go's tracker have it. */
sealed interface RuntimeCost {

    double TRAVERSAL = 0.1;
    double REGEX = 0.25;

    private static RuntimeCost one() {
        return new Before(args -> 1);
    }

    /** The part that is known before the call. */
    default long before(Object[] args) {
        return 0;
    }

    /** The part that needs the result. */
    default long after(Object[] args, Object result) {
        return 0;
    }

    /** A cost of the arguments. */
    @FunctionalInterface
    interface OfArguments {
        long of(Object[] args);
    }

    /** A cost of the result. */
    @FunctionalInterface
    interface OfResult {
        long of(Object[] args, Object result);
    }

    record Before(OfArguments cost) implements RuntimeCost {
        @Override
        public long before(Object[] args) {
            return cost.of(args);
        }
    }

    record After(OfResult cost) implements RuntimeCost {
        @Override
        public long after(Object[] args, Object result) {
            return cost.of(args, result);
        }
    }

    /** The cost of a function whose overload is known, or empty. */
    static RuntimeCost of(String function, String overload) {
        RuntimeCost tracked = ofOverload(overload);
        if (tracked != null) {
            return tracked;
        }
        RuntimeCost kubernetes = ofFunction(function, overload);
        return kubernetes != null ? kubernetes : standard(overload);
    }

    private static RuntimeCost ofOverload(String overload) {
        return switch (overload) {
            case "list_sets_contains_list", "list_sets_intersects_list" -> sets(1);
            case "list_sets_equivalent_list" -> sets(2);
            case "list_slice", "lists_range", "list_reverse" -> new After((args, result) -> 11 + size(result));
            case "list_flatten" -> new Before(args -> 11 + size(args[0]));
            case "list_flatten_int" ->
                new Before(args -> 11 + (long) ((double) size(args[0]) * (args[1] instanceof Long depth ? depth : 1)));
            case "list_distinct" -> new Before(args -> selfCompare(args[0]));
            default ->
                overload.startsWith("list_") && overload.endsWith("_sort")
                        ? new Before(args -> selfCompare(args[0]))
                        : overload.startsWith("list_") && overload.endsWith("_sortByAssociatedKeys")
                                ? new Before(args -> selfCompare(args[1]))
                                : null;
        };
    }

    private static RuntimeCost sets(int factor) {
        return new Before(args -> 1 + size(args[0]) * size(args[1]) * factor);
    }

    private static long selfCompare(Object value) {
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            return 11;
        }
        Object element = list.getFirst();
        boolean text = element instanceof String || element instanceof com.google.protobuf.ByteString;
        long size = list.size();
        return (long) (size * size * (text ? 2.0 + TRAVERSAL : 2.0)) + 11;
    }

    private static RuntimeCost ofFunction(String function, String overload) {
        return switch (function) {
            case "check" -> new Before(args -> 350_000);
            case "fieldSelector", "labelSelector" -> new Before(args -> selector(size(args[1])));
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> new Before(args -> traversal(args[0]));
            case "url",
                    "lowerAscii",
                    "upperAscii",
                    "substring",
                    "trim",
                    "jsonpatch.escapeKey",
                    "cidr",
                    "isIP",
                    "isCIDR",
                    "quantity",
                    "isQuantity",
                    "semver",
                    "isSemver" -> new Before(args -> scaled(args[0], TRAVERSAL));
            case "replace", "split", "ip.isCanonical" -> new Before(args -> scaled(args[0], 2 * TRAVERSAL));
            case "join" -> new After((args, result) -> scaled(result, 2 * TRAVERSAL));
            case "find", "findAll" -> new Before(args -> regex(args[0], size(args[1])));
            case "ip" -> overload.equals("cidr_ip") ? one() : new Before(args -> scaled(args[0], TRAVERSAL));
            case "containsIP", "containsCIDR" -> new Before(args -> contains(function, overload, args));
            case "validate" ->
                new Before(
                        args -> args[0] instanceof FormatFunctions.NamedFormat f ? regex(args[1], f.regexSize()) : 1);
            case "_==_" -> new Before(args -> args[0] instanceof OpaqueValue ? 1 : smaller(args));
            default -> null;
        };
    }

    private static long contains(String function, String overload, Object[] args) {
        long network = size(args[0]);
        long cost = ceil(network * 2 * TRAVERSAL);
        if (function.equals("containsCIDR")) {
            cost += ceil(network * TRAVERSAL) + 1;
        }
        return overload.endsWith("_string") ? cost + ceil(size(args[1]) * TRAVERSAL) : cost;
    }

    private static RuntimeCost standard(String overload) {
        return switch (overload) {
            case "starts_with_string",
                    "ends_with_string",
                    "string_to_bytes",
                    "bytes_to_string",
                    "strings_quote",
                    "string_format" -> new Before(args -> scaled(args[0], TRAVERSAL));
            case "in_list" -> new Before(args -> size(args[1]));
            case "less_string",
                    "greater_string",
                    "less_equals_string",
                    "greater_equals_string",
                    "less_bytes",
                    "greater_bytes",
                    "less_equals_bytes",
                    "greater_equals_bytes",
                    "equals",
                    "not_equals" -> new Before(RuntimeCost::smaller);
            case "add_string", "add_bytes" -> new Before(args -> ceil((size(args[0]) + size(args[1])) * TRAVERSAL));
            case "matches", "matches_string" -> new Before(args -> regex(args[0], size(args[1])));
            case "contains_string" -> new Before(args -> scaled(args[0], TRAVERSAL) * scaled(args[1], TRAVERSAL));
            default -> one();
        };
    }

    private static long smaller(Object[] args) {
        return ceil(Math.min(size(args[0]), size(args[1])) * TRAVERSAL);
    }

    private static long regex(Object text, long expression) {
        return ceil((1.0 + size(text)) * TRAVERSAL) * ceil(expression * REGEX);
    }

    private static long selector(long length) {
        return 10 + ceil(length * TRAVERSAL) + ceil(ceil(length * 0.5) * 50.0);
    }

    private static long scaled(Object value, double factor) {
        return ceil(size(value) * factor);
    }

    private static long size(Object value) {
        return Values.costSize(value);
    }

    private static long ceil(double cost) {
        return (long) Math.ceil(cost);
    }

    /** The cost of walking a value as a tree. */
    private static long traversal(Object value) {
        return switch (value) {
            case String s -> (long) (s.getBytes(java.nio.charset.StandardCharsets.UTF_8).length * TRAVERSAL);
            case com.google.protobuf.ByteString b -> (long) (b.size() * TRAVERSAL);
            case List<?> list -> list.stream().mapToLong(RuntimeCost::traversal).sum();
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .mapToLong(e -> traversal(e.getKey()) + traversal(e.getValue()))
                        .sum();
            default -> 1;
        };
    }
}
