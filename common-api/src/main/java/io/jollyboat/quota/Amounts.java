package io.jollyboat.quota;

import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Quantities;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Arithmetic on quantities by the name of what they are of. Results are sorted by name. */
public final class Amounts {
    private Amounts() {}

    /** Of names that only one has, what that one has. */
    public static Map<String, Quantity> add(Map<String, Quantity> left, Map<String, Quantity> right) {
        Map<String, Quantity> sum = new TreeMap<>(left);
        right.forEach((name, amount) -> sum.merge(name, amount, Quantities::add));
        return sum;
    }

    /** How much the first has more, nothing below zero. */
    public static Map<String, Quantity> excess(Map<String, Quantity> left, Map<String, Quantity> right) {
        Map<String, Quantity> rest = new TreeMap<>();
        left.forEach((name, amount) -> {
            Quantity other = right.get(name);
            Quantity more = other == null ? amount : Quantities.subtract(amount, other);
            rest.put(name, Quantities.signum(more) > 0 ? more : Quantities.zero());
        });
        right.keySet().forEach(name -> rest.putIfAbsent(name, Quantities.zero()));
        return rest;
    }

    /** Those of the given names. */
    public static Map<String, Quantity> mask(Map<String, Quantity> amounts, Collection<String> names) {
        Map<String, Quantity> some = new TreeMap<>();
        amounts.forEach((name, amount) -> {
            if (names.contains(name)) {
                some.put(name, amount);
            }
        });
        return some;
    }

    public static Map<String, Quantity> withoutZeros(Map<String, Quantity> amounts) {
        Map<String, Quantity> some = new TreeMap<>(amounts);
        some.values().removeIf(Quantities::isZero);
        return some;
    }

    /** The names of which there is more than the bound; what has no bound is not exceeded. */
    public static List<String> exceeding(Map<String, Quantity> amounts, Map<String, Quantity> bounds) {
        return new TreeMap<>(amounts)
                .entrySet().stream()
                        .filter(amount -> bounds.containsKey(amount.getKey())
                                && Quantities.compare(amount.getValue(), bounds.get(amount.getKey())) > 0)
                        .map(Map.Entry::getKey)
                        .toList();
    }

    public static List<String> negative(Map<String, Quantity> amounts) {
        return new TreeMap<>(amounts)
                .entrySet().stream()
                        .filter(amount -> Quantities.signum(amount.getValue()) < 0)
                        .map(Map.Entry::getKey)
                        .toList();
    }

    /** Equal in amount, however it is written. */
    public static boolean equal(Map<String, Quantity> left, Map<String, Quantity> right) {
        return left.keySet().equals(right.keySet())
                && left.entrySet().stream()
                        .allMatch(amount -> Quantities.compare(amount.getValue(), right.get(amount.getKey())) == 0);
    }

    /** {@code cpu=1,memory=1Gi}. */
    public static String text(Map<String, Quantity> amounts) {
        return new TreeMap<>(amounts)
                .entrySet().stream()
                        .map(amount -> amount.getKey() + "="
                                + Quantities.canonical(amount.getValue().getString()))
                        .collect(Collectors.joining(","));
    }
}
