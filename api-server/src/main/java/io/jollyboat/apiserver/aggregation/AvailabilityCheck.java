package io.jollyboat.apiserver.aggregation;

import io.jollyboat.api.apiregistration.v1.APIServiceCondition;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.HttpCaller.Answer;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Finds out whether another server is available, with upstream's reasons and texts. */
final class AvailabilityCheck {
    private static final int ATTEMPTS = 5;
    private static final Duration CALL_TIME = Duration.ofSeconds(5);
    private static final Duration WAIT = Duration.ofSeconds(6);

    private final Runtime runtime;
    private final RemoteCalls calls;

    AvailabilityCheck(Runtime runtime, RemoteCalls calls) {
        this.runtime = runtime;
        this.calls = calls;
    }

    /**
     * @param service null where there is none
     * @param slices of the Service, asked for when needed
     */
    APIServiceCondition check(RemoteApi api, Service service, Supplier<List<EndpointSlice>> slices)
            throws InterruptedException {
        RemoteApi.Server server = api.server();
        String named = "service/" + server.name() + " in \"" + server.namespace() + "\"";
        if (service == null) {
            return condition("False", "ServiceNotFound", named + " is not present");
        }
        if (isClusterIp(service)) {
            Optional<ServicePort> port = service.getSpec().getPortsList().stream()
                    .filter(one -> one.getPort() == server.port())
                    .findFirst();
            if (port.isEmpty()) {
                return condition("False", "ServicePortError", named + " is not listening on port " + server.port());
            }
            List<EndpointSlice> all = slices.get();
            if (all.isEmpty()) {
                return condition("False", "EndpointsNotFound", "cannot find endpointslices for " + named);
            }
            String portName = port.get().getName();
            if (all.stream().noneMatch(slice -> hasEndpoint(slice, portName))) {
                return condition(
                        "False",
                        "MissingEndpoints",
                        "endpointslices for " + named + " have no addresses with port name \"" + portName + "\"");
            }
        }
        String failure = ask(api);
        return failure.isEmpty()
                ? condition("True", "Passed", "all checks passed")
                : condition("False", "FailedDiscoveryCheck", failure);
    }

    private static boolean isClusterIp(Service service) {
        String type = service.getSpec().getType();
        return type.isEmpty() || type.equals("ClusterIP");
    }

    private static boolean hasEndpoint(EndpointSlice slice, String portName) {
        return slice.getEndpointsList().stream().anyMatch(AvailabilityCheck::isReady)
                && slice.getPortsList().stream().anyMatch(port -> port.getName().equals(portName) && port.hasPort());
    }

    /** What says nothing is. */
    static boolean isReady(Endpoint endpoint) {
        return !endpoint.getConditions().hasReady() || endpoint.getConditions().getReady();
    }

    static APIServiceCondition condition(String status, String reason, String message) {
        return APIServiceCondition.newBuilder()
                .setType(ApiServiceNames.AVAILABLE)
                .setStatus(status)
                .setReason(reason)
                .setMessage(message)
                .build();
    }

    /** Several times at once, as each may reach another endpoint of the Service; one success will do. */
    private String ask(RemoteApi api) throws InterruptedException {
        BlockingQueue<String> results = new ArrayBlockingQueue<>(ATTEMPTS);
        for (int i = 0; i < ATTEMPTS; i++) {
            runtime.start("availability of " + api.name(), () -> results.add(askOnce(api)));
        }
        String last = "";
        for (int i = 0; i < ATTEMPTS; i++) {
            String result = results.poll(WAIT.toNanos(), TimeUnit.NANOSECONDS);
            if (result == null) {
                return "timed out waiting for " + api.path();
            }
            if (result.isEmpty()) {
                return "";
            }
            last = result;
        }
        calls.forget(api.server());
        return last;
    }

    private String askOnce(RemoteApi api) {
        String url;
        try {
            if (api.server().peer() == null) {
                return api.server().trouble();
            }
            url = "https://" + api.server().address() + api.path();
        } catch (CallException e) {
            return e.getMessage();
        }
        try {
            Answer answer = calls.get(api.server(), api.path(), RemoteCalls.AGGREGATOR, "", "", CALL_TIME);
            int code = answer.head().code();
            return code >= 200 && code < 300
                    ? ""
                    : "failing or missing response from " + url + ": bad status from " + url + ": " + code;
        } catch (CallException e) {
            return "failing or missing response from " + url + ": Get \"" + url + "\": " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
