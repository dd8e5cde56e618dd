package io.jollyboat.kubelet.images;

import io.jollyboat.api.core.v1.LocalObjectReference;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.kubelet.events.PodEvents;
import io.jollyboat.kubelet.objects.ReferencedObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Credentials for registries out of a pod's image pull secrets. */
final class PullSecrets {
    private final ReferencedObjects objects;
    private final PodEvents events;

    PullSecrets(ReferencedObjects objects, PodEvents events) {
        this.objects = objects;
        this.events = events;
    }

    /**
     * Those that hold for the image, the one for the most special place first. A missing secret is told and passed over; one
     * that cannot be read is an IllegalArgumentException.
     */
    List<Credential> matching(Pod pod, ImageReference image) {
        Keyring keyring = new Keyring();
        List<String> missing = new ArrayList<>();
        for (LocalObjectReference reference : pod.getSpec().getImagePullSecretsList()) {
            if (reference.getName().isEmpty()) {
                continue; // the API lets such entries in
            }
            Optional<Secret> secret = objects.secret(pod, reference.getName());
            if (secret.isPresent()) {
                keyring.add(secret.get());
            } else {
                missing.add(reference.getName());
            }
        }
        if (!missing.isEmpty()) {
            events.warning(
                    pod,
                    "",
                    "FailedToRetrieveImagePullSecret",
                    "Unable to retrieve some image pull secrets (" + String.join(", ", missing)
                            + "); attempting to pull the image may not succeed.");
        }
        return keyring.lookup(image);
    }
}
