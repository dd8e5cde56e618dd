package io.jollyboat.kubelet.objects;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Secret;
import java.util.Optional;

/** ConfigMaps and Secrets on behalf of pods. An unreachable API server is an ApiException unless the object is known. */
public interface ReferencedObjects {
    /** Empty when there is none. */
    Optional<ConfigMap> configMap(Pod user, String name);

    /** Empty when there is none. */
    Optional<Secret> secret(Pod user, String name);

    /** The pod needs nothing any more. */
    void release(Pod user);
}
