package io.jollyboat.scheduler.state;

import io.jollyboat.scheduler.framework.ResourceVector;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The figures of all nodes. Grows by doubling; an index is free again when its node is gone. */
final class NodeColumns {
    long[] allocatableMilliCpu = new long[16];
    long[] allocatableMemory = new long[16];
    long[] allocatableEphemeral = new long[16];
    int[] allowedPods = new int[16];
    long[] requestedMilliCpu = new long[16];
    long[] requestedMemory = new long[16];
    long[] requestedEphemeral = new long[16];
    long[] nonZeroMilliCpu = new long[16];
    long[] nonZeroMemory = new long[16];
    int[] podCount = new int[16];
    /** Of the node's last change; no two changes share one. */
    long[] version = new long[16];

    private final Map<String, Scalar> scalars = new HashMap<>();

    /** A resource that few nodes have. */
    private static final class Scalar {
        long[] allocatable = new long[16];
        long[] requested = new long[16];
    }

    void ensure(int size) {
        if (size <= version.length) {
            return;
        }
        int length = Math.max(size, version.length * 2);
        allocatableMilliCpu = Arrays.copyOf(allocatableMilliCpu, length);
        allocatableMemory = Arrays.copyOf(allocatableMemory, length);
        allocatableEphemeral = Arrays.copyOf(allocatableEphemeral, length);
        allowedPods = Arrays.copyOf(allowedPods, length);
        requestedMilliCpu = Arrays.copyOf(requestedMilliCpu, length);
        requestedMemory = Arrays.copyOf(requestedMemory, length);
        requestedEphemeral = Arrays.copyOf(requestedEphemeral, length);
        nonZeroMilliCpu = Arrays.copyOf(nonZeroMilliCpu, length);
        nonZeroMemory = Arrays.copyOf(nonZeroMemory, length);
        podCount = Arrays.copyOf(podCount, length);
        version = Arrays.copyOf(version, length);
    }

    void setAllocatable(int index, ResourceVector amount) {
        allocatableMilliCpu[index] = amount.milliCpu();
        allocatableMemory[index] = amount.memory();
        allocatableEphemeral[index] = amount.ephemeralStorage();
        allowedPods[index] = amount.pods();
        for (Scalar scalar : scalars.values()) {
            if (index < scalar.allocatable.length) {
                scalar.allocatable[index] = 0;
            }
        }
        amount.scalars().forEach((name, value) -> column(name, index).allocatable[index] = value);
    }

    /** @param sign 1 for a pod that comes, -1 for one that goes */
    void addRequested(int index, ResourceVector amount, ResourceVector nonZero, int sign) {
        requestedMilliCpu[index] += sign * amount.milliCpu();
        requestedMemory[index] += sign * amount.memory();
        requestedEphemeral[index] += sign * amount.ephemeralStorage();
        nonZeroMilliCpu[index] += sign * nonZero.milliCpu();
        nonZeroMemory[index] += sign * nonZero.memory();
        podCount[index] += sign;
        amount.scalars().forEach((name, value) -> column(name, index).requested[index] += sign * value);
    }

    long allocatable(String name, int index) {
        Scalar scalar = scalars.get(name);
        return scalar == null || index >= scalar.allocatable.length ? 0 : scalar.allocatable[index];
    }

    long requested(String name, int index) {
        Scalar scalar = scalars.get(name);
        return scalar == null || index >= scalar.requested.length ? 0 : scalar.requested[index];
    }

    private Scalar column(String name, int index) {
        Scalar scalar = scalars.computeIfAbsent(name, n -> new Scalar());
        if (index >= scalar.allocatable.length) {
            scalar.allocatable = Arrays.copyOf(scalar.allocatable, version.length);
            scalar.requested = Arrays.copyOf(scalar.requested, version.length);
        }
        return scalar;
    }
}
