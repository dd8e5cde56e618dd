package io.jollyboat.apiserver.admission.podsecurity;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jollyboat.api.core.v1.Volume;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What volumes of restricted pods may come from. */
final class VolumeChecks {
    private static final Set<String> ALLOWED = Set.of(
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "image",
            "persistentVolumeClaim",
            "projected",
            "secret");

    private VolumeChecks() {}

    static Optional<Violation> types(PodView pod) {
        List<String> bad = new ArrayList<>();
        Collection<String> types = new TreeSet<>();
        for (Volume volume : pod.spec().getVolumesList()) {
            List<String> sources = volume.getVolumeSource().getAllFields().keySet().stream()
                    .map(FieldDescriptor::getName)
                    .toList();
            if (sources.stream().noneMatch(ALLOWED::contains)) {
                bad.add(volume.getName());
                types.add(sources.isEmpty() ? "unknown" : sources.getFirst());
            }
        }
        return bad.isEmpty()
                ? Check.none()
                : Check.found(
                        "restricted volume types",
                        Violation.counted("volume", bad)
                                + (bad.size() == 1 ? " uses " : " use ")
                                + Violation.counted("restricted volume type", types));
    }
}
