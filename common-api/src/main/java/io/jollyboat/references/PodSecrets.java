package io.jollyboat.references;

import io.jollyboat.api.core.v1.EnvFromSource;
import io.jollyboat.api.core.v1.EnvVar;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.VolumeProjection;
import io.jollyboat.api.core.v1.VolumeSource;
import java.util.List;
import java.util.function.Consumer;

/** The Secrets that a pod uses. */
public final class PodSecrets {
    private final Consumer<String> found;

    private PodSecrets(Consumer<String> found) {
        this.found = found;
    }

    /** @param found gets names in the pod's namespace, some more than once, none empty */
    public static void visit(Pod pod, Consumer<String> found) {
        PodSecrets secrets = new PodSecrets(found);
        PodSpec spec = pod.getSpec();
        spec.getImagePullSecretsList().forEach(secret -> secrets.add(secret.getName()));
        spec.getInitContainersList()
                .forEach(container -> secrets.environment(container.getEnvFromList(), container.getEnvList()));
        spec.getContainersList()
                .forEach(container -> secrets.environment(container.getEnvFromList(), container.getEnvList()));
        spec.getEphemeralContainersList()
                .forEach(container -> secrets.environment(
                        container.getEphemeralContainerCommon().getEnvFromList(),
                        container.getEphemeralContainerCommon().getEnvList()));
        spec.getVolumesList().forEach(volume -> secrets.volume(volume.getVolumeSource()));
    }

    private void environment(List<EnvFromSource> sources, List<EnvVar> variables) {
        for (EnvFromSource source : sources) {
            add(source.getSecretRef().getLocalObjectReference().getName());
        }
        for (EnvVar variable : variables) {
            add(variable.getValueFrom()
                    .getSecretKeyRef()
                    .getLocalObjectReference()
                    .getName());
        }
    }

    private void volume(VolumeSource source) {
        add(source.getSecret().getSecretName());
        add(source.getAzureFile().getSecretName());
        add(source.getCephfs().getSecretRef().getName());
        add(source.getCinder().getSecretRef().getName());
        add(source.getFlexVolume().getSecretRef().getName());
        add(source.getRbd().getSecretRef().getName());
        add(source.getScaleIO().getSecretRef().getName());
        add(source.getIscsi().getSecretRef().getName());
        add(source.getStorageos().getSecretRef().getName());
        add(source.getCsi().getNodePublishSecretRef().getName());
        for (VolumeProjection projection : source.getProjected().getSourcesList()) {
            add(projection.getSecret().getLocalObjectReference().getName());
        }
    }

    private void add(String name) {
        if (!name.isEmpty()) {
            found.accept(name);
        }
    }
}
