package io.jollyboat.quota;

import com.google.protobuf.Message;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.api.resource.v1.DeviceRequest;
import io.jollyboat.api.resource.v1.DeviceSubRequest;
import io.jollyboat.api.resource.v1.ExactDeviceRequest;
import io.jollyboat.api.resource.v1.ResourceClaim;
import io.jollyboat.values.Quantities;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Claims of devices and, at worst, how many of each class. Stored form only. */
final class DeviceClaimEvaluator implements QuotaEvaluator {
    private static final String COUNT = CountEvaluator.name("resourceclaims.resource.k8s.io");
    private static final String OF_CLASS = ".deviceclass.resource.k8s.io/devices";
    /** No claim can have more. */
    private static final long MOST = 32;

    @Override
    public boolean counts(String name) {
        return name.equals(COUNT) || name.endsWith(OF_CLASS);
    }

    @Override
    public Map<String, Quantity> usage(Message object) {
        Map<String, Long> devices = new HashMap<>();
        if (object instanceof ResourceClaim claim) {
            claim.getSpec().getDevices().getRequestsList().forEach(request -> count(request, devices));
        }
        Map<String, Quantity> usage = new TreeMap<>();
        usage.put(COUNT, CountEvaluator.ONE);
        devices.forEach((name, number) -> usage.put(name + OF_CLASS, Quantities.of(number)));
        return usage;
    }

    private static void count(DeviceRequest request, Map<String, Long> devices) {
        if (request.getFirstAvailableCount() > 0) {
            Map<String, Long> worst = new HashMap<>();
            for (DeviceSubRequest one : request.getFirstAvailableList()) {
                worst.merge(one.getDeviceClassName(), number(one.getAllocationMode(), one.getCount()), Math::max);
            }
            worst.forEach((name, number) -> devices.merge(name, number, Long::sum));
        } else if (request.hasExactly()) {
            ExactDeviceRequest one = request.getExactly();
            devices.merge(one.getDeviceClassName(), number(one.getAllocationMode(), one.getCount()), Long::sum);
        }
    }

    private static long number(String mode, long count) {
        return switch (mode) {
            case "ExactCount" -> count;
            case "All" -> MOST;
            default -> 0;
        };
    }

    @Override
    public boolean concerns(String subresource, Message object, Message old) {
        return subresource.isEmpty();
    }
}
