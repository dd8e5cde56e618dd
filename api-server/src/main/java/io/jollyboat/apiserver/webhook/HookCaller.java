package io.jollyboat.apiserver.webhook;

import io.jollyboat.api.admission.v1.AdmissionResponse;
import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/** Asks one webhook. */
final class HookCaller {
    private static final int CLIENTS = 200;
    private static final int UNAVAILABLE = 503;

    private final Runtime runtime;
    private final HttpCaller http;
    private final ServiceAddress services;
    private final Map<HookClient.Location, HookClient> clients = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<HookClient.Location, HookClient> eldest) {
            boolean tooMany = size() > CLIENTS;
            if (tooMany) {
                http.forget(peer -> peer.equals(eldest.getValue().peer()));
            }
            return tooMany;
        }
    };

    HookCaller(Runtime runtime, HttpCaller http, ServiceAddress services) {
        this.runtime = runtime;
        this.http = http;
        this.services = services;
    }

    /**
     * What the webhook answers.
     *
     * @throws HookFailure where there is no sensible answer
     */
    AdmissionResponse ask(AdmissionRequest request, HookCall call, boolean mutating)
            throws HookFailure, InterruptedException {
        Hook hook = call.hook();
        if (request.dryRun() && !hook.quiet()) {
            throw ApiException.badRequest("admission webhook \"" + hook.name() + "\" does not support dry run");
        }
        Optional<String> version = Reviews.version(hook);
        if (version.isEmpty()) {
            throw new HookFailure(
                    hook.name(),
                    "could not create admission objects: webhook does not accept known AdmissionReview versions "
                            + "(v1, v1beta1)",
                    400);
        }
        HookClient client;
        try {
            client = client(hook.location());
        } catch (CallException e) {
            throw new HookFailure(hook.name(), "could not get REST client: " + e.getMessage());
        }
        String uid = uid();
        JsonNode node;
        try {
            byte[] answer = client.post(Reviews.request(version.get(), uid, request, call), hook.timeout());
            node = ReviewAnswer.decode(version.get(), answer);
            // Once here, so that a field of the wrong type is told as a failed call.
            ReviewAnswer.review(node);
        } catch (CallException e) {
            throw new HookFailure(
                    hook.name(), "failed to call webhook: " + e.getMessage(), e.code() == 0 ? UNAVAILABLE : e.code());
        }
        try {
            return ReviewAnswer.verified(version.get(), uid, mutating, node);
        } catch (CallException e) {
            throw new HookFailure(hook.name(), e.getMessage(), UNAVAILABLE);
        }
    }

    private HookClient client(HookClient.Location location) throws CallException {
        synchronized (clients) {
            HookClient known = clients.get(location);
            if (known != null) {
                return known;
            }
        }
        HookClient made = HookClient.of(location, http, services);
        synchronized (clients) {
            HookClient other = clients.putIfAbsent(location, made);
            return other == null ? made : other;
        }
    }

    private String uid() {
        RandomGenerator random = runtime.random();
        long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new java.util.UUID(high, low).toString();
    }

    /** The refusal that a webhook's answer is. */
    static ApiException refusal(Hook hook, AdmissionResponse response) {
        Status.Builder status = response.getStatus().toBuilder();
        if (status.getCode() < 400) {
            status.setCode(400);
        }
        if (status.getStatus().isEmpty() || status.getStatus().equals("Success")) {
            status.setStatus("Failure");
        }
        String denied = "admission webhook \"" + hook.name() + "\" denied the request";
        if (!status.getMessage().isEmpty()) {
            status.setMessage(denied + ": " + status.getMessage());
        } else if (!status.getReason().isEmpty()) {
            status.setMessage(denied + ": " + status.getReason());
        } else {
            status.setMessage(denied + " without explanation");
        }
        return new ApiException(status.build());
    }

    /** Warnings and notes of an answer, whether it allows or not. */
    static void tell(AdmissionRequest request, Hook hook, AdmissionResponse response) {
        response.getAuditAnnotationsMap()
                .forEach((key, value) -> request.audit().add(hook.name() + "/" + key, value));
        for (String warning : response.getWarningsList()) {
            if (!request.warnings().contains(warning)) {
                request.warnings().add(warning);
            }
        }
    }

    static ApiException interrupted() {
        Thread.currentThread().interrupt();
        return ApiException.of(504, "Timeout", "request did not complete within requested timeout");
    }
}
