package io.jollyboat.kubelet.volumes;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.DownwardAPIVolumeFile;
import io.jollyboat.api.core.v1.KeyToPath;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.core.v1.ProjectedVolumeSource;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccountTokenProjection;
import io.jollyboat.api.core.v1.VolumeProjection;
import io.jollyboat.kubelet.env.DownwardFields;
import io.jollyboat.kubelet.model.Specs;
import io.jollyboat.kubelet.objects.ReferencedObjects;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the files of configMap, secret, downwardAPI and projected volumes are, at one moment. */
final class VolumeContent {
    private static final int DEFAULT_MODE = 0644;

    private final ReferencedObjects objects;
    private final ServiceAccountTokens tokens;
    private final DownwardFields downward;
    private final String nodeIp;
    private final Pod pod;
    private final PodStatus status;
    private final FilePayload payload = new FilePayload();
    private Instant renewAt;

    VolumeContent(
            ReferencedObjects objects,
            ServiceAccountTokens tokens,
            DownwardFields downward,
            String nodeIp,
            Pod pod,
            PodStatus status) {
        this.objects = objects;
        this.tokens = tokens;
        this.downward = downward;
        this.nodeIp = nodeIp;
        this.pod = pod;
        this.status = status;
    }

    FilePayload payload() {
        return payload;
    }

    /** When the content is due for renewal; null for never. */
    Instant renewAt() {
        return renewAt;
    }

    void configMap(String name, List<KeyToPath> items, int mode, boolean optional) {
        Optional<ConfigMap> map = objects.configMap(pod, name);
        if (map.isEmpty() && !optional) {
            throw new VolumeException("configmap \"" + name + "\" not found");
        }
        Map<String, ByteString> data = new HashMap<>();
        map.ifPresent(m -> {
            m.getDataMap().forEach((k, v) -> data.put(k, ByteString.copyFromUtf8(v)));
            data.putAll(m.getBinaryDataMap());
        });
        payload.putAll(data, items, mode, optional, "config");
    }

    void secret(String name, List<KeyToPath> items, int mode, boolean optional) {
        Optional<Secret> secret = objects.secret(pod, name);
        if (secret.isEmpty() && !optional) {
            throw new VolumeException("secret \"" + name + "\" not found");
        }
        payload.putAll(secret.map(Secret::getDataMap).orElse(Map.of()), items, mode, optional, "secret");
    }

    void downward(List<DownwardAPIVolumeFile> items, int mode) {
        for (DownwardAPIVolumeFile item : items) {
            String text = item.hasFieldRef()
                    ? DownwardFields.field(pod, status, item.getFieldRef().getFieldPath(), nodeIp)
                    : downward.resource(pod, Container.getDefaultInstance(), item.getResourceFieldRef());
            payload.put(item.getPath(), ByteString.copyFromUtf8(text), item.hasMode() ? item.getMode() : mode, -1);
        }
    }

    void projected(ProjectedVolumeSource source) {
        int mode = source.hasDefaultMode() ? source.getDefaultMode() : DEFAULT_MODE;
        for (VolumeProjection projection : source.getSourcesList()) {
            if (projection.hasConfigMap()) {
                configMap(
                        projection.getConfigMap().getLocalObjectReference().getName(),
                        projection.getConfigMap().getItemsList(),
                        mode,
                        projection.getConfigMap().getOptional());
            } else if (projection.hasSecret()) {
                secret(
                        projection.getSecret().getLocalObjectReference().getName(),
                        projection.getSecret().getItemsList(),
                        mode,
                        projection.getSecret().getOptional());
            } else if (projection.hasDownwardAPI()) {
                downward(projection.getDownwardAPI().getItemsList(), mode);
            } else if (projection.hasServiceAccountToken()) {
                token(projection.getServiceAccountToken(), mode);
            } else {
                throw new VolumeException("this kind of projected source is not supported");
            }
        }
    }

    /** Whoever the pod runs as, and nobody else, can read its token. */
    private void token(ServiceAccountTokenProjection projection, int mode) {
        ServiceAccountTokens.Token token = tokens.token(pod, projection);
        renewAt = renewAt == null || token.renewAt().isBefore(renewAt) ? token.renewAt() : renewAt;
        long user = commonUser();
        boolean narrow = user >= 0 || pod.getSpec().getSecurityContext().hasFsGroup();
        payload.put(projection.getPath(), ByteString.copyFromUtf8(token.text()), narrow ? 0600 : mode, user);
    }

    /** The user that all containers run as by their spec, or -1. */
    private long commonUser() {
        long podUser = pod.getSpec().getSecurityContext().hasRunAsUser()
                ? pod.getSpec().getSecurityContext().getRunAsUser()
                : -1;
        List<Long> users = Specs.containers(pod)
                .map(c -> c.getSecurityContext().hasRunAsUser()
                        ? c.getSecurityContext().getRunAsUser()
                        : podUser)
                .distinct()
                .toList();
        return users.size() == 1 ? users.getFirst() : -1;
    }
}
