package io.jollyboat.scheduler.framework;

import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Quantities;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * Amounts of resources.
 *
 * @param pods 0 where it has no meaning
 * @param scalars all other resources, by name
 */
public record ResourceVector(long milliCpu, long memory, long ephemeralStorage, int pods, Map<String, Long> scalars) {
    public static final ResourceVector ZERO = new ResourceVector(0, 0, 0, 0, Map.of());

    public ResourceVector {
        scalars = Map.copyOf(scalars);
    }

    public static ResourceVector of(Map<String, Quantity> quantities) {
        long milliCpu = 0;
        long memory = 0;
        long ephemeralStorage = 0;
        int pods = 0;
        Map<String, Long> scalars = new HashMap<>();
        for (Map.Entry<String, Quantity> entry : quantities.entrySet()) {
            switch (entry.getKey()) {
                case "cpu" -> milliCpu = Quantities.milliValue(entry.getValue());
                case "memory" -> memory = Quantities.value(entry.getValue());
                case "ephemeral-storage" -> ephemeralStorage = Quantities.value(entry.getValue());
                case "pods" -> pods = (int) Math.min(Integer.MAX_VALUE, Quantities.value(entry.getValue()));
                default -> scalars.put(entry.getKey(), Quantities.value(entry.getValue()));
            }
        }
        return new ResourceVector(milliCpu, memory, ephemeralStorage, pods, scalars);
    }

    public long scalar(String name) {
        return scalars.getOrDefault(name, 0L);
    }

    public ResourceVector plus(ResourceVector other) {
        return new ResourceVector(
                milliCpu + other.milliCpu,
                memory + other.memory,
                ephemeralStorage + other.ephemeralStorage,
                pods + other.pods,
                merge(other, Long::sum));
    }

    public ResourceVector max(ResourceVector other) {
        return new ResourceVector(
                Math.max(milliCpu, other.milliCpu),
                Math.max(memory, other.memory),
                Math.max(ephemeralStorage, other.ephemeralStorage),
                Math.max(pods, other.pods),
                merge(other, Math::max));
    }

    private Map<String, Long> merge(ResourceVector other, BinaryOperator<Long> how) {
        if (other.scalars.isEmpty()) {
            return scalars;
        }
        Map<String, Long> merged = new HashMap<>(scalars);
        other.scalars.forEach((name, amount) -> merged.merge(name, amount, how));
        return merged;
    }
}
