package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.ResourceRequirements;
import io.jollyboat.api.core.v1.Toleration;
import io.jollyboat.api.node.v1.RuntimeClass;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of runtime classes. */
final class RuntimeClassRules {
    private RuntimeClassRules() {}

    static void create(Errors errors, RuntimeClass runtime) {
        MetaRules.check(errors, runtime.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        if (errors.present("handler", runtime.getHandler())) {
            errors.invalid("handler", runtime.getHandler(), Names.dns1123Label(runtime.getHandler()));
        }
        ResourceRequirements limits = ResourceRequirements.newBuilder()
                .putAllLimits(runtime.getOverhead().getPodFixedMap())
                .build();
        CommonRules.containerResources(errors, limits, "overhead");
        MetaRules.labels(errors, runtime.getScheduling().getNodeSelectorMap(), "scheduling.nodeSelector");
        tolerations(errors, runtime.getScheduling().getTolerationsList(), "scheduling");
    }

    static void update(Errors errors, RuntimeClass runtime, RuntimeClass old) {
        MetaRules.checkUpdate(errors, runtime.getMetadata(), old.getMetadata(), "metadata");
        String handler = runtime.getHandler();
        if (!handler.equals(old.getHandler()) && errors.present("handler", handler)) {
            errors.invalid("handler", handler, Names.dns1123Label(handler));
        }
        errors.unchanged("handler", handler, old.getHandler());
    }

    private static void tolerations(Errors errors, List<Toleration> tolerations, String path) {
        SchedulingRules.tolerations(errors, tolerations, path + ".tolerations");
        Set<Toleration> seen = new HashSet<>();
        for (int i = 0; i < tolerations.size(); i++) {
            Toleration key =
                    tolerations.get(i).toBuilder().clearTolerationSeconds().build();
            if (!seen.add(key)) {
                errors.duplicate(path + ".tolerations[" + i + "]", Errors.shown(tolerations.get(i)));
            }
        }
    }
}
