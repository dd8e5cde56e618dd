package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ConfigMapProjection;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.DownwardAPIProjection;
import io.jollyboat.api.core.v1.DownwardAPIVolumeFile;
import io.jollyboat.api.core.v1.KeyToPath;
import io.jollyboat.api.core.v1.LocalObjectReference;
import io.jollyboat.api.core.v1.ObjectFieldSelector;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.ProjectedVolumeSource;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.core.v1.ServiceAccountTokenProjection;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeMount;
import io.jollyboat.api.core.v1.VolumeProjection;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorage;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;

/** Gives each pod a service account, its pull secrets, and the volume with its token. */
public final class ServiceAccountAdmission implements AdmissionPlugin {
    private static final String DEFAULT = "default";
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String VOLUME_PREFIX = "kube-api-access-";
    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final long TOKEN_SECONDS = 3607;
    private static final int MODE = 0644;
    /** A namespace's account follows shortly after the namespace. */
    private static final int ATTEMPTS = 10;

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Runtime runtime;
    private final ObjectStorages storages;

    public ServiceAccountAdmission(Runtime runtime, ObjectStorages storages) {
        this.runtime = runtime;
        this.storages = storages;
    }

    @Override
    public String name() {
        return "ServiceAccount";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.CREATE || !request.isAbout("pods")) {
            return object;
        }
        Pod pod = (Pod) object;
        if (pod.getMetadata().containsAnnotations(MIRROR)) {
            checkMirror(request, pod);
            return pod;
        }
        Pod.Builder builder = pod.toBuilder();
        PodSpec.Builder spec = builder.getSpecBuilder();
        if (spec.getServiceAccountName().isEmpty()) {
            spec.setServiceAccountName(spec.getServiceAccount().isEmpty() ? DEFAULT : spec.getServiceAccount());
        }
        spec.setServiceAccount(spec.getServiceAccountName());
        ServiceAccount account = account(request, spec.getServiceAccountName());
        if (mounts(pod, account)) {
            mount(spec);
        }
        if (spec.getImagePullSecretsCount() == 0) {
            account.getImagePullSecretsList()
                    .forEach(secret -> spec.addImagePullSecrets(
                            LocalObjectReference.newBuilder().setName(secret.getName())));
        }
        return builder.build();
    }

    private static void checkMirror(AdmissionRequest request, Pod pod) {
        if (!pod.getSpec().getServiceAccountName().isEmpty()) {
            throw refused(request, "a mirror pod may not reference service accounts");
        }
    }

    private ServiceAccount account(AdmissionRequest request, String name) {
        ObjectStorage storage = storages.of(Kinds.of(ServiceAccount.class));
        String key = request.namespace() + "/" + name;
        int attempts = name.equals(DEFAULT) ? ATTEMPTS : 1;
        for (int attempt = 1; ; attempt++) {
            Entry entry = storage.cache().get(key);
            if (entry == null) {
                entry = storage.get(key);
            }
            if (entry != null) {
                return (ServiceAccount) entry.object();
            }
            if (attempt == attempts) {
                throw refused(
                        request,
                        "error looking up service account " + key + ": serviceaccount \"" + name + "\" not found");
            }
            pause();
        }
    }

    private void pause() {
        try {
            runtime.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.of(503, "ServiceUnavailable", "the server is shutting down");
        }
    }

    private static boolean mounts(Pod pod, ServiceAccount account) {
        if (pod.getSpec().hasAutomountServiceAccountToken()) {
            return pod.getSpec().getAutomountServiceAccountToken();
        }
        return !account.hasAutomountServiceAccountToken() || account.getAutomountServiceAccountToken();
    }

    private void mount(PodSpec.Builder spec) {
        String volume = VOLUME_PREFIX + suffix();
        boolean needed = false;
        for (Container.Builder container : spec.getInitContainersBuilderList()) {
            needed |= mount(container, volume);
        }
        for (Container.Builder container : spec.getContainersBuilderList()) {
            needed |= mount(container, volume);
        }
        if (needed) {
            spec.addVolumes(Volume.newBuilder()
                    .setName(volume)
                    .setVolumeSource(VolumeSource.newBuilder().setProjected(projected())));
        }
    }

    private static boolean mount(Container.Builder container, String volume) {
        boolean taken = container.getVolumeMountsList().stream()
                .anyMatch(mount -> mount.getMountPath().equals(MOUNT_PATH));
        if (!taken) {
            container.addVolumeMounts(
                    VolumeMount.newBuilder().setName(volume).setReadOnly(true).setMountPath(MOUNT_PATH));
        }
        return !taken;
    }

    private String suffix() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            text.append(ALPHABET.charAt(runtime.random().nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    private static ProjectedVolumeSource projected() {
        return ProjectedVolumeSource.newBuilder()
                .addSources(VolumeProjection.newBuilder()
                        .setServiceAccountToken(ServiceAccountTokenProjection.newBuilder()
                                .setExpirationSeconds(TOKEN_SECONDS)
                                .setPath("token")))
                .addSources(VolumeProjection.newBuilder()
                        .setConfigMap(ConfigMapProjection.newBuilder()
                                .setLocalObjectReference(
                                        LocalObjectReference.newBuilder().setName("kube-root-ca.crt"))
                                .addItems(
                                        KeyToPath.newBuilder().setKey("ca.crt").setPath("ca.crt"))))
                .addSources(VolumeProjection.newBuilder()
                        .setDownwardAPI(DownwardAPIProjection.newBuilder()
                                .addItems(DownwardAPIVolumeFile.newBuilder()
                                        .setPath("namespace")
                                        .setFieldRef(ObjectFieldSelector.newBuilder()
                                                .setApiVersion("v1")
                                                .setFieldPath("metadata.namespace")))))
                .setDefaultMode(MODE)
                .build();
    }

    private static ApiException refused(AdmissionRequest request, String why) {
        return ApiException.forbidden("", "pods", request.name(), why);
    }
}
