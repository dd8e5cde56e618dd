package io.jollyboat.controllers.policystatus;

import io.jollyboat.api.admissionregistration.v1.ExpressionWarning;
import io.jollyboat.api.admissionregistration.v1.TypeChecking;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/** Checks each generation of a ValidatingAdmissionPolicy once. */
public final class PolicyStatusController {
    private static final ResourceType<ValidatingAdmissionPolicy> POLICIES = Kinds.of(ValidatingAdmissionPolicy.class);
    private static final ResourceType<CustomResourceDefinition> DEFINITIONS = Kinds.of(CustomResourceDefinition.class);
    private static final int WORKERS = 1;

    private final ControllerContext context;
    private final Informer<ValidatingAdmissionPolicy> policies;
    private final Informer<CustomResourceDefinition> definitions;

    private PolicyStatusController(ControllerContext context) {
        this.context = context;
        this.policies = context.informers().of(POLICIES);
        this.definitions = context.informers().of(DEFINITIONS);
    }

    public static Controller create(ControllerContext context) {
        PolicyStatusController controller = new PolicyStatusController(context);
        ControllerLoop loop = context.loop("validatingadmissionpolicy-status", WORKERS, controller::reconcile);
        controller.policies.addHandler((before, after) -> {
            if (after != null) {
                loop.add(POLICIES.key(after));
            }
        });
        return Controller.of(loop, controller.policies, controller.definitions);
    }

    private Outcome reconcile(ObjectKey key) {
        ValidatingAdmissionPolicy policy = policies.get(key);
        long generation = policy == null ? 0 : policy.getMetadata().getGeneration();
        if (policy == null || generation <= policy.getStatus().getObservedGeneration()) {
            return Outcome.done();
        }
        List<ExpressionWarning> warnings = new TypeChecker(new PolicyKinds(definitions.list())).check(policy.getSpec());
        ValidatingAdmissionPolicy.Builder checked = policy.toBuilder();
        checked.getStatusBuilder()
                .setObservedGeneration(generation)
                .setTypeChecking(TypeChecking.newBuilder().addAllExpressionWarnings(warnings));
        context.client().updateStatus(POLICIES, checked.build());
        return Outcome.done();
    }
}
