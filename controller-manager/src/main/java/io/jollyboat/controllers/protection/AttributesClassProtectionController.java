package io.jollyboat.controllers.protection;

import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.storage.v1.VolumeAttributesClass;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import java.util.Set;
import java.util.TreeSet;

/** A class of volume attributes goes after the volumes and claims that name it. */
public final class AttributesClassProtectionController {
    private static final ResourceType<VolumeAttributesClass> CLASSES = Kinds.of(VolumeAttributesClass.class);
    private static final int WORKERS = 1;

    private final Finalizers<VolumeAttributesClass> finalizers;
    private final Informer<VolumeAttributesClass> classes;
    private final Informer<PersistentVolume> volumes;
    private final Informer<PersistentVolumeClaim> claims;

    private AttributesClassProtectionController(ControllerContext context) {
        this.finalizers = new Finalizers<>(context, CLASSES, "kubernetes.io/vac-protection");
        this.classes = context.informers().of(CLASSES);
        this.volumes = context.informers().of(Kinds.of(PersistentVolume.class));
        this.claims = context.informers().of(Kinds.of(PersistentVolumeClaim.class));
    }

    public static Controller create(ControllerContext context) {
        AttributesClassProtectionController controller = new AttributesClassProtectionController(context);
        ControllerLoop loop = context.loop("vac-protection", WORKERS, controller::reconcile);
        controller.classes.addHandler((before, after) -> {
            if (after != null && (controller.finalizers.waits(after) || controller.finalizers.lacks(after))) {
                loop.add(CLASSES.key(after));
            }
        });
        controller.volumes.addHandler((before, after) -> {
            if (before != null && (after == null || !names(before).equals(names(after)))) {
                names(before).forEach(name -> loop.add(ObjectKey.cluster(name)));
            }
        });
        controller.claims.addHandler((before, after) -> {
            if (before != null && (after == null || !names(before).equals(names(after)))) {
                names(before).forEach(name -> loop.add(ObjectKey.cluster(name)));
            }
        });
        return Controller.of(loop, controller.classes, controller.volumes, controller.claims);
    }

    private Outcome reconcile(ObjectKey key) {
        VolumeAttributesClass attributes = classes.get(key);
        if (attributes == null) {
            return Outcome.done();
        }
        if (finalizers.lacks(attributes)) {
            finalizers.give(attributes);
        } else if (finalizers.waits(attributes) && !isUsed(key.name())) {
            finalizers.take(attributes);
        }
        return Outcome.done();
    }

    private boolean isUsed(String name) {
        return volumes.list().stream().anyMatch(volume -> names(volume).contains(name))
                || claims.list().stream().anyMatch(claim -> names(claim).contains(name));
    }

    private static Set<String> names(PersistentVolume volume) {
        String name = volume.getSpec().getVolumeAttributesClassName();
        return name.isEmpty() ? Set.of() : Set.of(name);
    }

    private static Set<String> names(PersistentVolumeClaim claim) {
        Set<String> names = new TreeSet<>();
        names.add(claim.getSpec().getVolumeAttributesClassName());
        names.add(claim.getStatus().getCurrentVolumeAttributesClassName());
        names.add(claim.getStatus().getModifyVolumeStatus().getTargetVolumeAttributesClassName());
        names.remove("");
        return names;
    }
}
