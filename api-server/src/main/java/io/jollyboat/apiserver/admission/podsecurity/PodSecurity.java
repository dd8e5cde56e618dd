package io.jollyboat.apiserver.admission.podsecurity;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.DaemonSet;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.apps.v1.StatefulSet;
import io.jollyboat.api.batch.v1.CronJob;
import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.EphemeralContainer;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.PodTemplate;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.api.core.v1.ReplicationController;
import io.jollyboat.apiserver.admission.AdmissionPlugin;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.admission.Refusal;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorage;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.runtime.Runtime;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds pods to what their namespace's labels say, and warns of what will not come to run. */
public final class PodSecurity implements AdmissionPlugin {
    /** What a pod may do is not changed there. */
    private static final Set<String> IGNORED =
            Set.of("exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status");

    private static final String EXEMPT = NamespacePolicy.PREFIX + "exempt";

    private final ObjectStorages storages;
    private final Standards standards = new Standards();
    private final PresentPods present;
    private final NamespacePolicy defaults;
    private final PodSecurityConfiguration.Exemptions exemptions;

    public PodSecurity(Runtime runtime, ObjectStorages storages, PodSecurityConfiguration configuration) {
        this.storages = storages;
        this.defaults = configuration.policy();
        this.exemptions = configuration.exemptions();
        this.present = new PresentPods(runtime, storages, standards, exemptions.runtimeClasses());
    }

    @Override
    public String name() {
        return "PodSecurity";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        if (request.operation() == Operation.DELETE) {
            return;
        }
        switch (object) {
            case Pod pod -> pod(request, pod);
            case Namespace namespace -> namespace(request, namespace);
            case PodTemplate template -> template(request, template.getTemplate());
            case ReplicationController controller -> {
                if (controller.getSpec().hasTemplate()) {
                    template(request, controller.getSpec().getTemplate());
                }
            }
            case ReplicaSet set -> template(request, set.getSpec().getTemplate());
            case Deployment deployment -> template(request, deployment.getSpec().getTemplate());
            case DaemonSet set -> template(request, set.getSpec().getTemplate());
            case StatefulSet set -> template(request, set.getSpec().getTemplate());
            case Job job -> template(request, job.getSpec().getTemplate());
            case CronJob job ->
                template(request, job.getSpec().getJobTemplate().getSpec().getTemplate());
            default -> {
                // makes no pods
            }
        }
    }

    private void pod(AdmissionRequest request, Pod pod) {
        if (IGNORED.contains(request.subresource()) || isExempt(request)) {
            return;
        }
        NamespacePolicy policy = policy(request);
        if (policy.allowsAll() || (request.operation() == Operation.UPDATE && !runsOther(pod, (Pod) request.old()))) {
            return;
        }
        if (isExempt(request, pod.getSpec())) {
            return;
        }
        PodView view = PodView.of(pod.getMetadata().getAnnotationsMap(), pod.getSpec());
        request.audit()
                .add(NamespacePolicy.PREFIX + "enforce-policy", policy.enforce().toString());
        List<Violation> forbidden = standards.violations(policy.enforce(), view);
        if (!forbidden.isEmpty()) {
            audit(request, policy, view);
            throw new Refusal(request, pod)
                    .because("violates PodSecurity \"" + policy.enforce() + "\": " + Violation.details(forbidden));
        }
        warn(request, policy, view);
    }

    private boolean isExempt(AdmissionRequest request) {
        if (exemptions.namespaces().contains(request.namespace())) {
            request.audit().add(EXEMPT, "namespace");
            return true;
        }
        if (exemptions.usernames().contains(request.user().name())) {
            request.audit().add(EXEMPT, "user");
            return true;
        }
        return false;
    }

    private boolean isExempt(AdmissionRequest request, PodSpec spec) {
        boolean exempt =
                spec.hasRuntimeClassName() && exemptions.runtimeClasses().contains(spec.getRuntimeClassName());
        if (exempt) {
            request.audit().add(EXEMPT, "runtimeClass");
        }
        return exempt;
    }

    private void template(AdmissionRequest request, PodTemplateSpec template) {
        if (!request.subresource().isEmpty() || isExempt(request)) {
            return;
        }
        NamespacePolicy policy = policy(request);
        if (!policy.warnsOfNothing() && !isExempt(request, template.getSpec())) {
            warn(request, policy, PodView.of(template.getMetadata().getAnnotationsMap(), template.getSpec()));
        }
    }

    private void warn(AdmissionRequest request, NamespacePolicy policy, PodView view) {
        audit(request, policy, view);
        List<Violation> unwelcome = standards.violations(policy.warn(), view);
        if (!unwelcome.isEmpty()) {
            String text = "would violate PodSecurity \"" + policy.warn() + "\": " + Violation.details(unwelcome);
            if (!request.warnings().contains(text)) {
                request.warnings().add(text);
            }
        }
    }

    private void audit(AdmissionRequest request, NamespacePolicy policy, PodView view) {
        if (!policy.errors().isEmpty()) {
            String errors = policy.errors().stream().map(Object::toString).collect(Collectors.joining(", "));
            request.audit()
                    .add(
                            NamespacePolicy.PREFIX + "error",
                            "Failed to parse policy: " + (policy.errors().size() == 1 ? errors : "[" + errors + "]"));
        }
        List<Violation> noted = standards.violations(policy.audit(), view);
        if (!noted.isEmpty()) {
            request.audit()
                    .add(
                            NamespacePolicy.PREFIX + "audit-violations",
                            "would violate PodSecurity \"" + policy.audit() + "\": " + Violation.details(noted));
        }
    }

    private NamespacePolicy policy(AdmissionRequest request) {
        ObjectStorage namespaces = storages.of(Kinds.of(Namespace.class));
        Entry namespace = namespaces.cache().get(request.namespace());
        if (namespace == null) {
            namespace = namespaces.get(request.namespace());
        }
        if (namespace == null) {
            throw ApiException.internal("failed to lookup namespace \"" + request.namespace() + "\"");
        }
        return NamespacePolicy.of(namespace.labels(), defaults);
    }

    private void namespace(AdmissionRequest request, Namespace namespace) {
        if (!request.subresource().isEmpty()) {
            return;
        }
        NamespacePolicy policy = NamespacePolicy.of(namespace.getMetadata().getLabelsMap(), defaults);
        NamespacePolicy before = request.operation() == Operation.CREATE
                ? null
                : NamespacePolicy.of(((Namespace) request.old()).getMetadata().getLabelsMap(), defaults);
        if (!policy.errors().isEmpty() && (before == null || !policy.errors().equals(before.errors()))) {
            throw ApiException.invalid(request.type(), namespace.getMetadata().getName(), policy.errors());
        }
        boolean exempt =
                exemptions.namespaces().contains(namespace.getMetadata().getName());
        if (before == null) {
            if (exempt) {
                warnOfExemption(request, namespace, policy);
            }
            return;
        }
        LevelVersion now = policy.enforce();
        boolean relaxed = now.minor() == before.enforce().minor()
                && now.level().compareTo(before.enforce().level()) <= 0;
        if (now.level() != Level.PRIVILEGED && !relaxed) {
            if (exempt) {
                warnOfExemption(request, namespace, policy);
                return;
            }
            for (String warning : present.warnings(namespace.getMetadata().getName(), now)) {
                if (!request.warnings().contains(warning)) {
                    request.warnings().add(warning);
                }
            }
        }
    }

    private void warnOfExemption(AdmissionRequest request, Namespace namespace, NamespacePolicy policy) {
        if (!policy.allowsAll() && !policy.equals(defaults)) {
            request.warnings()
                    .add("namespace \"" + namespace.getMetadata().getName()
                            + "\" is exempt from Pod Security, and the policy ("
                            + policy.named(namespace.getMetadata().getLabelsMap()) + ") will be ignored");
        }
    }

    /** Of a pod that is there, little but the images can be changed, and ephemeral containers be added. */
    private static boolean runsOther(Pod pod, Pod old) {
        return otherImages(pod.getSpec().getContainersList(), old.getSpec().getContainersList())
                || otherImages(
                        pod.getSpec().getInitContainersList(), old.getSpec().getInitContainersList())
                || pod.getSpec().getEphemeralContainersList().stream()
                        .anyMatch(one -> old.getSpec().getEphemeralContainersList().stream()
                                .noneMatch(other -> sameImage(one, other)));
    }

    private static boolean sameImage(EphemeralContainer one, EphemeralContainer other) {
        return one.getEphemeralContainerCommon()
                        .getName()
                        .equals(other.getEphemeralContainerCommon().getName())
                && one.getEphemeralContainerCommon()
                        .getImage()
                        .equals(other.getEphemeralContainerCommon().getImage());
    }

    private static boolean otherImages(List<Container> now, List<Container> before) {
        if (now.size() != before.size()) {
            return true;
        }
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).getImage().equals(before.get(i).getImage())) {
                return true;
            }
        }
        return false;
    }
}
