package io.jollyboat.controllers.certificates;

import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestCondition;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.Preconditions;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.tls.Pem;
import io.jollyboat.values.Times;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;

/** Deletes requests that are done with, denied, or that nobody took care of. */
public final class CsrCleanerController {
    private static final ResourceType<CertificateSigningRequest> REQUESTS = Kinds.of(CertificateSigningRequest.class);
    private static final int WORKERS = 1;
    private static final Duration KEEP_DECIDED = Duration.ofHours(1);
    private static final Duration KEEP_PENDING = Duration.ofHours(24);

    private final ControllerContext context;
    private final Informer<CertificateSigningRequest> requests;

    private CsrCleanerController(ControllerContext context) {
        this.context = context;
        this.requests = context.informers().of(REQUESTS);
    }

    public static Controller create(ControllerContext context) {
        CsrCleanerController controller = new CsrCleanerController(context);
        ControllerLoop loop = context.loop("csrcleaner", WORKERS, controller::reconcile);
        controller.requests.addHandler((before, after) -> {
            if (after != null) {
                loop.add(REQUESTS.key(after));
            }
        });
        return Controller.of(loop, controller.requests);
    }

    private Outcome reconcile(ObjectKey key) {
        CertificateSigningRequest request = requests.get(key);
        if (request == null) {
            return Outcome.done();
        }
        Instant now = context.runtime().now();
        Instant end = end(request);
        if (now.isBefore(end)) {
            return Outcome.after(Duration.between(now, end).plusSeconds(1));
        }
        DeleteOptions options = DeleteOptions.newBuilder()
                .setPreconditions(
                        Preconditions.newBuilder().setUid(request.getMetadata().getUid()))
                .build();
        try {
            context.client().delete(REQUESTS, key, options);
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
        }
        return Outcome.done();
    }

    /** From when on nobody needs the request. */
    static Instant end(CertificateSigningRequest request) {
        boolean issued = !request.getStatus().getCertificate().isEmpty();
        Instant end = Instant.MAX;
        if (request.getStatus().getConditionsCount() == 0) {
            end = Times.instant(request.getMetadata().getCreationTimestamp()).plus(KEEP_PENDING);
        }
        for (CertificateSigningRequestCondition condition : request.getStatus().getConditionsList()) {
            boolean waiting = condition.getType().equals(Conditions.APPROVED) && !issued;
            Instant of = Times.instant(condition.getLastUpdateTime()).plus(waiting ? KEEP_PENDING : KEEP_DECIDED);
            end = of.isBefore(end) ? of : end;
        }
        Instant expiry = issued ? expiry(request) : Instant.MAX;
        return expiry.isBefore(end) ? expiry : end;
    }

    private static Instant expiry(CertificateSigningRequest request) {
        try {
            return Pem.certificates(request.getStatus().getCertificate().toString(StandardCharsets.US_ASCII)).stream()
                    .map(certificate -> certificate.getNotAfter().toInstant())
                    .findFirst()
                    .orElse(Instant.MAX);
        } catch (CertificateException e) {
            return Instant.MAX;
        }
    }
}
