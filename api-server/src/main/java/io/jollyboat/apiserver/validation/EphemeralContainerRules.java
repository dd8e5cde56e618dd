package io.jollyboat.apiserver.validation;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.EphemeralContainer;
import io.jollyboat.api.core.v1.EphemeralContainerCommon;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.VolumeMount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of containers that join a pod while it runs. */
final class EphemeralContainerRules {
    private static final String UNFIT = "cannot be set for an Ephemeral Container";

    /** A mirror pod: its kubelet takes it from a file. */
    static final String MIRROR = "kubernetes.io/config.mirror";

    private EphemeralContainerRules() {}

    static void update(Errors errors, Pod pod, Pod old) {
        if (old.getMetadata().containsAnnotations(MIRROR)) {
            errors.onlyForbidden("", "static pods do not support ephemeral containers");
            return;
        }
        PodRules.whole(errors, pod, old);
        Map<String, EphemeralContainer> wanted = new HashMap<>();
        pod.getSpec().getEphemeralContainersList().forEach(container -> wanted.put(name(container), container));
        for (EphemeralContainer before : old.getSpec().getEphemeralContainersList()) {
            EphemeralContainer now = wanted.get(name(before));
            String subject = "existing ephemeral containers \"" + name(before) + "\" may not be ";
            if (now == null) {
                errors.forbidden("spec.ephemeralContainers", subject + "removed\n");
            } else if (!now.equals(before)) {
                errors.forbidden("spec.ephemeralContainers", subject + "changed\n" + SpecDiff.of(before, now));
            }
        }
    }

    private static String name(EphemeralContainer container) {
        return container.getEphemeralContainerCommon().getName();
    }

    static void check(Errors errors, PodSpec spec, Map<String, Boolean> volumes, Set<String> claims, String path) {
        Set<String> others = new HashSet<>();
        spec.getContainersList().forEach(container -> others.add(container.getName()));
        spec.getInitContainersList().forEach(container -> others.add(container.getName()));
        Set<String> names = new HashSet<>(others);
        for (int i = 0; i < spec.getEphemeralContainersCount(); i++) {
            EphemeralContainer ephemeral = spec.getEphemeralContainers(i);
            String at = path + "[" + i + "]";
            Container container = container(ephemeral.getEphemeralContainerCommon());
            ContainerRules.check(errors, container, volumes, claims, at);
            PodContainerRules.trimmed(errors, container, at);
            if (!names.add(container.getName())) {
                errors.duplicate(at + ".name", container.getName());
            }
            String target = ephemeral.getTargetContainerName();
            if (!target.isEmpty() && !others.contains(target)) {
                errors.notFound(at + ".targetContainerName", target);
            }
            fit(errors, ephemeral.getEphemeralContainerCommon(), at);
        }
    }

    /** The fields are the same, by number and by meaning. */
    private static Container container(EphemeralContainerCommon common) {
        try {
            return Container.parseFrom(common.toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fit(Errors errors, EphemeralContainerCommon common, String at) {
        List<Map.Entry<String, Boolean>> unfit = List.of(
                Map.entry("ports", common.getPortsCount() > 0),
                Map.entry(
                        "resources",
                        !common.getResources().equals(common.getResources().getDefaultInstanceForType())),
                Map.entry("resizePolicy", common.getResizePolicyCount() > 0),
                Map.entry("restartPolicy", common.hasRestartPolicy()),
                Map.entry("restartPolicyRules", common.getRestartPolicyRulesCount() > 0),
                Map.entry("livenessProbe", common.hasLivenessProbe()),
                Map.entry("readinessProbe", common.hasReadinessProbe()),
                Map.entry("startupProbe", common.hasStartupProbe()),
                Map.entry("lifecycle", common.hasLifecycle()));
        unfit.stream().filter(Map.Entry::getValue).forEach(field -> errors.forbidden(at + "." + field.getKey(), UNFIT));
        for (int i = 0; i < common.getVolumeMountsCount(); i++) {
            VolumeMount mount = common.getVolumeMounts(i);
            if (!mount.getSubPath().isEmpty()) {
                errors.forbidden(at + ".volumeMounts[" + i + "].subPath", UNFIT);
            }
            if (!mount.getSubPathExpr().isEmpty()) {
                errors.forbidden(at + ".volumeMounts[" + i + "].subPathExpr", UNFIT);
            }
        }
    }
}
