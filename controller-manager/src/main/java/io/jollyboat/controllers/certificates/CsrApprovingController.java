package io.jollyboat.controllers.certificates;

import io.jollyboat.api.authorization.v1.ResourceAttributes;
import io.jollyboat.api.authorization.v1.SubjectAccessReview;
import io.jollyboat.api.authorization.v1.SubjectAccessReviewSpec;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestSpec;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.tls.SigningRequests;
import io.jollyboat.tls.SigningRequests.Content;
import io.jollyboat.tls.TlsException;

/** Approves kubelets' client certificates if whoever asks may create such requests. */
public final class CsrApprovingController {
    private static final ResourceType<CertificateSigningRequest> REQUESTS = Kinds.of(CertificateSigningRequest.class);
    private static final ResourceType<SubjectAccessReview> REVIEWS = Kinds.of(SubjectAccessReview.class);
    private static final int WORKERS = 1;

    private final ControllerContext context;
    private final Informer<CertificateSigningRequest> requests;

    private CsrApprovingController(ControllerContext context) {
        this.context = context;
        this.requests = context.informers().of(REQUESTS);
    }

    public static Controller create(ControllerContext context) {
        CsrApprovingController controller = new CsrApprovingController(context);
        ControllerLoop loop = context.loop("csrapproving", WORKERS, controller::reconcile);
        controller.requests.addHandler((before, after) -> {
            if (after != null) {
                loop.add(REQUESTS.key(after));
            }
        });
        return Controller.of(loop, controller.requests);
    }

    private Outcome reconcile(ObjectKey key) {
        CertificateSigningRequest request = requests.get(key);
        if (request == null
                || Conditions.has(request, Conditions.APPROVED)
                || Conditions.has(request, Conditions.DENIED)
                || !request.getStatus().getCertificate().isEmpty()
                || !request.getSpec().getSignerName().equals(SigningRequests.KUBELET_CLIENT)) {
            return Outcome.done();
        }
        CertificateSigningRequestSpec spec = request.getSpec();
        Content content;
        try {
            content = SigningRequests.parse(spec.getRequest().toByteArray());
        } catch (TlsException e) {
            return new Outcome.Terminal("unable to parse csr: " + e.getMessage());
        }
        if (SigningRules.refusal(spec.getSignerName(), content, spec.getUsagesList())
                .isPresent()) {
            return Outcome.done();
        }
        boolean own = spec.getUsername().equals(content.commonName());
        if (own && may(spec, "selfnodeclient")) {
            approve(request, "Auto approving self kubelet client certificate after SubjectAccessReview.");
        } else if (may(spec, "nodeclient")) {
            approve(request, "Auto approving kubelet client certificate after SubjectAccessReview.");
        }
        return Outcome.done();
    }

    private boolean may(CertificateSigningRequestSpec spec, String subresource) {
        SubjectAccessReviewSpec.Builder question = SubjectAccessReviewSpec.newBuilder()
                .setUser(spec.getUsername())
                .setUid(spec.getUid())
                .addAllGroups(spec.getGroupsList())
                .setResourceAttributes(ResourceAttributes.newBuilder()
                        .setGroup("certificates.k8s.io")
                        .setResource("certificatesigningrequests")
                        .setVerb("create")
                        .setSubresource(subresource)
                        .setVersion("*"));
        spec.getExtraMap()
                .forEach((key, values) -> question.putExtra(
                        key,
                        io.jollyboat.api.authorization.v1.ExtraValue.newBuilder()
                                .addAllItems(values.getItemsList())
                                .build()));
        return context.client()
                .create(
                        REVIEWS,
                        SubjectAccessReview.newBuilder().setSpec(question).build())
                .getStatus()
                .getAllowed();
    }

    private void approve(CertificateSigningRequest request, String message) {
        CertificateSigningRequest approved = Conditions.with(
                request,
                Conditions.APPROVED,
                "AutoApproved",
                message,
                context.runtime().now());
        context.client().updateSubresource(REQUESTS, "approval", approved);
    }
}
