package io.jollyboat.controllers.protection;

import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.client.Selection;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/** A claim goes after the pods that have it and a node. */
public final class ClaimProtectionController {
    private static final ResourceType<PersistentVolumeClaim> CLAIMS = Kinds.of(PersistentVolumeClaim.class);
    private static final String BY_CLAIM = "pvc-protection";
    private static final int WORKERS = 1;

    private final ControllerContext context;
    private final Finalizers<PersistentVolumeClaim> finalizers;
    private final Informer<PersistentVolumeClaim> claims;
    private final Informer<Pod> pods;

    private ClaimProtectionController(ControllerContext context) {
        this.context = context;
        this.finalizers = new Finalizers<>(context, CLAIMS, "kubernetes.io/pvc-protection");
        this.claims = context.informers().of(CLAIMS);
        this.pods = context.informers().of(Types.PODS);
        pods.addIndex(BY_CLAIM, ClaimProtectionController::keys);
    }

    public static Controller create(ControllerContext context) {
        ClaimProtectionController controller = new ClaimProtectionController(context);
        ControllerLoop loop = context.loop("pvc-protection", WORKERS, controller::reconcile);
        controller.claims.addHandler((before, after) -> {
            if (after != null && (controller.finalizers.waits(after) || controller.finalizers.lacks(after))) {
                loop.add(CLAIMS.key(after));
            }
        });
        controller.pods.addHandler((before, after) -> {
            if (before != null && after == null) {
                names(before)
                        .forEach(name ->
                                loop.add(ObjectKey.of(before.getMetadata().getNamespace(), name)));
            }
        });
        return Controller.of(loop, controller.claims, controller.pods);
    }

    private Outcome reconcile(ObjectKey key) {
        PersistentVolumeClaim claim = claims.get(key);
        if (claim == null) {
            return Outcome.done();
        }
        if (finalizers.lacks(claim)) {
            finalizers.give(claim);
        } else if (finalizers.waits(claim) && !isUsed(key)) {
            finalizers.take(claim);
        }
        return Outcome.done();
    }

    /** As the cache knows, and where it knows of nobody, as the API server does. */
    private boolean isUsed(ObjectKey claim) {
        String wanted = claim.namespace() + "/" + claim.name();
        return !pods.byIndex(BY_CLAIM, wanted).isEmpty()
                || context.client().list(Types.PODS, claim.namespace(), Selection.ALL).items().stream()
                        .anyMatch(pod -> keys(pod).contains(wanted));
    }

    /** A pod that has no node yet gets none while the claim is going. */
    private static List<String> keys(Pod pod) {
        return pod.getSpec().getNodeName().isEmpty()
                ? List.of()
                : names(pod).stream()
                        .map(name -> pod.getMetadata().getNamespace() + "/" + name)
                        .toList();
    }

    private static List<String> names(Pod pod) {
        return pod.getSpec().getVolumesList().stream()
                .map(volume -> name(pod, volume))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static String name(Pod pod, Volume volume) {
        return volume.getVolumeSource().hasEphemeral()
                ? pod.getMetadata().getName() + "-" + volume.getName()
                : volume.getVolumeSource().getPersistentVolumeClaim().getClaimName();
    }
}
