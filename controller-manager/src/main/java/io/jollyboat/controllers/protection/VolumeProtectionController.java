package io.jollyboat.controllers.protection;

import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;

/** A volume goes once it is bound to no claim. */
public final class VolumeProtectionController {
    private static final ResourceType<PersistentVolume> VOLUMES = Kinds.of(PersistentVolume.class);
    private static final int WORKERS = 1;

    private final Finalizers<PersistentVolume> finalizers;
    private final Informer<PersistentVolume> volumes;

    private VolumeProtectionController(ControllerContext context) {
        this.finalizers = new Finalizers<>(context, VOLUMES, "kubernetes.io/pv-protection");
        this.volumes = context.informers().of(VOLUMES);
    }

    public static Controller create(ControllerContext context) {
        VolumeProtectionController controller = new VolumeProtectionController(context);
        ControllerLoop loop = context.loop("pv-protection", WORKERS, controller::reconcile);
        controller.volumes.addHandler((before, after) -> {
            if (after != null && (controller.finalizers.waits(after) || controller.finalizers.lacks(after))) {
                loop.add(VOLUMES.key(after));
            }
        });
        return Controller.of(loop, controller.volumes);
    }

    private Outcome reconcile(ObjectKey key) {
        PersistentVolume volume = volumes.get(key);
        if (volume == null) {
            return Outcome.done();
        }
        if (finalizers.lacks(volume)) {
            finalizers.give(volume);
        } else if (finalizers.waits(volume) && !volume.getStatus().getPhase().equals("Bound")) {
            finalizers.take(volume);
        }
        return Outcome.done();
    }
}
