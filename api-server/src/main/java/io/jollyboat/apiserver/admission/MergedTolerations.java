package io.jollyboat.apiserver.admission;

import io.jollyboat.api.core.v1.Toleration;
import java.util.ArrayList;
import java.util.List;

/** Two lists of tolerations in one; what another tolerates as well is left out. */
final class MergedTolerations {
    private MergedTolerations() {}

    static List<Toleration> of(List<Toleration> first, List<Toleration> second) {
        List<Toleration> all = new ArrayList<>(first);
        all.addAll(second);
        List<Toleration> merged = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Toleration one = all.get(i);
            boolean covered = merged.stream().anyMatch(other -> covers(other, one))
                    || all.subList(i + 1, all.size()).stream()
                            .anyMatch(other -> !other.equals(one) && covers(other, one));
            if (!covered) {
                merged.add(one);
            }
        }
        return merged;
    }

    /** Whether the wider one tolerates all that the other does. */
    private static boolean covers(Toleration wider, Toleration one) {
        if (wider.equals(one)) {
            return true;
        }
        boolean exists = wider.getOperator().equals("Exists");
        boolean key = wider.getKey().equals(one.getKey()) || (wider.getKey().isEmpty() && exists);
        boolean effect =
                wider.getEffect().equals(one.getEffect()) || wider.getEffect().isEmpty();
        if (!key || !effect) {
            return false;
        }
        if (wider.getEffect().equals("NoExecute")
                && wider.hasTolerationSeconds()
                && (!one.hasTolerationSeconds() || one.getTolerationSeconds() > wider.getTolerationSeconds())) {
            return false;
        }
        return switch (wider.getOperator()) {
            case "", "Equal" ->
                one.getOperator().equals("Equal") && one.getValue().equals(wider.getValue());
            case "Exists" -> true;
            default -> false;
        };
    }
}
