package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.values.Names;

/** The rules of namespaces. */
final class NamespaceRules {
    private NamespaceRules() {}

    static void create(Errors errors, Namespace namespace) {
        MetaRules.check(errors, namespace.getMetadata(), false, "metadata", Names::dns1123Label);
        finalizers(errors, namespace);
    }

    static void finalizeUpdate(Errors errors, Namespace namespace, Namespace old) {
        MetaRules.checkUpdate(errors, namespace.getMetadata(), old.getMetadata(), "metadata");
        finalizers(errors, namespace);
    }

    static void statusUpdate(Errors errors, Namespace namespace, Namespace old) {
        MetaRules.checkUpdate(errors, namespace.getMetadata(), old.getMetadata(), "metadata");
        String phase = namespace.getStatus().getPhase();
        boolean ending = namespace.getMetadata().hasDeletionTimestamp();
        if (!ending && !phase.equals("Active")) {
            errors.invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty");
        } else if (ending && !phase.equals("Terminating")) {
            errors.invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
        }
    }

    private static void finalizers(Errors errors, Namespace namespace) {
        for (String finalizer : namespace.getSpec().getFinalizersList()) {
            errors.invalid("spec.finalizers", finalizer, Names.qualifiedName(finalizer));
            if (!finalizer.contains("/") && !finalizer.equals("kubernetes")) {
                errors.invalid(
                        "spec.finalizers",
                        finalizer,
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }
}
