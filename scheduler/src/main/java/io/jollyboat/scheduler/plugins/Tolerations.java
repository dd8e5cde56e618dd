package io.jollyboat.scheduler.plugins;

import io.jollyboat.api.core.v1.Taint;
import io.jollyboat.api.core.v1.Toleration;
import java.util.List;

/** Whether tolerations cover taints. */
final class Tolerations {
    private Tolerations() {}

    /** A taint that keeps the pod from being placed and that no toleration covers. */
    static boolean hasUntolerated(List<Taint> taints, List<Toleration> tolerations) {
        for (Taint taint : taints) {
            if ((taint.getEffect().equals("NoSchedule") || taint.getEffect().equals("NoExecute"))
                    && !tolerate(tolerations, taint)) {
                return true;
            }
        }
        return false;
    }

    static boolean tolerate(List<Toleration> tolerations, Taint taint) {
        for (Toleration toleration : tolerations) {
            if (tolerates(toleration, taint)) {
                return true;
            }
        }
        return false;
    }

    private static boolean tolerates(Toleration toleration, Taint taint) {
        if (!toleration.getEffect().isEmpty() && !toleration.getEffect().equals(taint.getEffect())) {
            return false;
        }
        if (!toleration.getKey().isEmpty() && !toleration.getKey().equals(taint.getKey())) {
            return false;
        }
        return switch (toleration.getOperator()) {
            case "", "Equal" -> toleration.getValue().equals(taint.getValue());
            case "Exists" -> true;
            default -> false;
        };
    }
}
