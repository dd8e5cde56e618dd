package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.api.intstr.IntOrString;
import io.jollyboat.api.meta.v1.LabelSelector;
import io.jollyboat.selectors.LabelSelectors;
import io.jollyboat.values.IntOrStrings;
import io.jollyboat.values.Names;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rules of what keeps a number of pods running, and what all of that kind have in common. */
final class WorkloadRules {
    private WorkloadRules() {}

    /** A strategy as upstream prints its own type for it. */
    static Object typed(String type) {
        return Errors.bare("{\"Type\":\"" + type + "\",\"RollingUpdate\":null}");
    }

    static boolean isZero(IntOrString value) {
        try {
            return IntOrStrings.scaled(value, 100, true) == 0;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    static Object shown(IntOrString value) {
        return IntOrStrings.isString(value) ? value.getStrVal() : value.getIntVal();
    }

    static void selector(Errors errors, boolean present, LabelSelector selector, String what) {
        if (!present) {
            errors.required("spec.selector");
            return;
        }
        CommonRules.selector(errors, selector, "spec.selector");
        boolean empty = selector.getMatchLabelsCount() == 0 && selector.getMatchExpressionsCount() == 0;
        if (empty) {
            errors.invalid("spec.selector", Errors.shown(selector), "empty selector is invalid for " + what);
        }
    }

    static void template(Errors errors, PodTemplateSpec template, boolean present, LabelSelector selector) {
        template(errors, template, present, selector, "ReplicaSet");
    }

    /** @param owner the kind whose pods may not have a deadline */
    static void template(
            Errors errors, PodTemplateSpec template, boolean present, LabelSelector selector, String owner) {
        if (isUsable(selector)) {
            labels(errors, template, present, selector);
            PodRules.template(errors, template, "spec.template");
        } else {
            // Then upstream has nothing to match the template with, and does not look at it.
            String detail = owner.equals("StatefulSet") ? "" : "invalid label selector";
            errors.invalid("spec.selector", Errors.shown(selector), detail);
        }
        if (!template.getSpec().getRestartPolicy().equals("Always")
                && !template.getSpec().getRestartPolicy().isEmpty()) {
            errors.notSupported(
                    "spec.template.spec.restartPolicy", template.getSpec().getRestartPolicy(), List.of("Always"));
        }
        if (template.getSpec().hasActiveDeadlineSeconds()) {
            errors.forbidden(
                    "spec.template.spec.activeDeadlineSeconds",
                    "activeDeadlineSeconds in " + owner + " is not Supported");
        }
    }

    /** Whether it is a selector, however little it may match. */
    private static boolean isUsable(LabelSelector selector) {
        Errors errors = new Errors();
        CommonRules.selector(errors, selector, "");
        return errors.found().isEmpty();
    }

    /** An absent selector matches nothing, an empty one everything. */
    static void labels(Errors errors, PodTemplateSpec template, boolean present, LabelSelector selector) {
        Map<String, String> labels = template.getMetadata().getLabelsMap();
        boolean empty = selector.getMatchLabelsCount() == 0 && selector.getMatchExpressionsCount() == 0;
        if (!present
                || (!empty && isUsable(selector) && !LabelSelectors.of(selector).matches(labels))) {
            errors.invalid(
                    "spec.template.metadata.labels",
                    Errors.bare(json(labels)),
                    "`selector` does not match template `labels`");
        }
    }

    private static String json(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return "null";
        }
        StringBuilder text = new StringBuilder("{");
        new TreeMap<>(labels)
                .forEach((key, value) -> text.append(text.length() > 1 ? "," : "")
                        .append('"')
                        .append(key)
                        .append("\":\"")
                        .append(value)
                        .append('"'));
        return text.append('}').toString();
    }

    static void replicaSet(Errors errors, ReplicaSet set) {
        MetaRules.check(errors, set.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        errors.notNegative("spec.replicas", set.getSpec().getReplicas());
        errors.notNegative("spec.minReadySeconds", set.getSpec().getMinReadySeconds());
        selector(errors, set.getSpec().hasSelector(), set.getSpec().getSelector(), "deployment");
        template(
                errors,
                set.getSpec().getTemplate(),
                set.getSpec().hasSelector(),
                set.getSpec().getSelector());
    }

    static void replicaSetUpdate(Errors errors, ReplicaSet set, ReplicaSet old) {
        MetaRules.checkUpdate(errors, set.getMetadata(), old.getMetadata(), "metadata");
        replicaSet(errors, set);
        errors.unchanged(
                "spec.selector", set.getSpec().getSelector(), old.getSpec().getSelector());
    }

    static void replicationController(Errors errors, ReplicationController controller) {
        MetaRules.check(errors, controller.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        errors.notNegative("spec.minReadySeconds", controller.getSpec().getMinReadySeconds());
        if (controller.getSpec().getSelectorCount() == 0) {
            errors.required("spec.selector");
        }
        errors.notNegative("spec.replicas", controller.getSpec().getReplicas());
        if (!controller.getSpec().hasTemplate()) {
            errors.required("spec.template");
        } else {
            LabelSelector selector = LabelSelector.newBuilder()
                    .putAllMatchLabels(controller.getSpec().getSelectorMap())
                    .build();
            template(errors, controller.getSpec().getTemplate(), true, selector);
        }
    }
}
