package io.jollyboat.kubelet.volumes;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jollyboat.api.core.v1.VolumeSource;

/** The kinds of volumes that there are. */
final class VolumeTypes {
    private VolumeTypes() {}

    static String pluginFolder(VolumeSource source) {
        if (source.hasEmptyDir()) {
            return "kubernetes.io~empty-dir";
        }
        if (source.hasConfigMap()) {
            return "kubernetes.io~configmap";
        }
        if (source.hasSecret()) {
            return "kubernetes.io~secret";
        }
        if (source.hasDownwardAPI()) {
            return "kubernetes.io~downward-api";
        }
        if (source.hasProjected()) {
            return "kubernetes.io~projected";
        }
        throw unsupported(source);
    }

    /** Refused by name: a volume of a kind that is not understood must never become an empty folder. */
    static VolumeException unsupported(VolumeSource source) {
        if (source.hasCsi()) {
            return new VolumeException("kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name "
                    + source.getCsi().getDriver() + " not found in the list of registered CSI drivers");
        }
        String kind = source.getAllFields().keySet().stream()
                .findFirst()
                .map(FieldDescriptor::getName)
                .orElse("unknown");
        return new VolumeException("no volume plugin matched: volumes of type " + kind + " are not supported");
    }
}
