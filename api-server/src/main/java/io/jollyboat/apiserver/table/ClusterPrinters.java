package io.jollyboat.apiserver.table;

import static io.jollyboat.apiserver.table.CellText.age;
import static io.jollyboat.apiserver.table.CellText.orNone;

import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicy;
import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicyBinding;
import io.jollyboat.api.admissionregistration.v1.MutatingWebhookConfiguration;
import io.jollyboat.api.admissionregistration.v1.ParamRef;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.jollyboat.api.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.api.apiregistration.v1.APIServiceCondition;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.flowcontrol.v1.FlowSchema;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfiguration;
import io.jollyboat.api.flowcontrol.v1.QueuingConfiguration;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.RoleBinding;
import io.jollyboat.api.rbac.v1.RoleRef;
import io.jollyboat.api.rbac.v1.Subject;
import io.jollyboat.api.resource.v1.DeviceClass;
import io.jollyboat.api.resource.v1.ResourceClaim;
import io.jollyboat.api.resource.v1.ResourceClaimTemplate;
import io.jollyboat.api.resource.v1.ResourceSlice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Access, admission, flow control, certificates, autoscalers and devices. */
final class ClusterPrinters {
    private ClusterPrinters() {}

    static void register() {
        AutoscalerCells.register();
        List<Column> bindings = Column.of("Name", "Role", "Age", "Users*", "Groups*", "ServiceAccounts*");
        Printers.add(
                RoleBinding.class,
                bindings,
                (binding, now) -> binding(binding.getMetadata(), binding.getRoleRef(), binding.getSubjectsList(), now));
        Printers.add(
                ClusterRoleBinding.class,
                bindings,
                (binding, now) -> binding(binding.getMetadata(), binding.getRoleRef(), binding.getSubjectsList(), now));
        Printers.add(
                CertificateSigningRequest.class,
                Column.of("Name", "Age", "SignerName", "Requestor", "RequestedDuration", "Condition"),
                ClusterPrinters::signingRequest);
        Printers.add(
                FlowSchema.class,
                Column.of("Name", "PriorityLevel", "MatchingPrecedence", "DistinguisherMethod", "Age", "MissingPL"),
                (schema, now) -> List.of(
                        schema.getMetadata().getName(),
                        schema.getSpec().getPriorityLevelConfiguration().getName(),
                        (long) schema.getSpec().getMatchingPrecedence(),
                        schema.getSpec().hasDistinguisherMethod()
                                ? schema.getSpec().getDistinguisherMethod().getType()
                                : CellText.NONE,
                        age(schema.getMetadata(), now),
                        schema.getStatus().getConditionsList().stream()
                                .filter(condition -> condition.getType().equals("Dangling"))
                                .map(condition -> condition.getStatus())
                                .findFirst()
                                .orElse("?")));
        Printers.add(
                PriorityLevelConfiguration.class,
                Column.of("Name", "Type", "NominalConcurrencyShares", "Queues", "HandSize", "QueueLengthLimit", "Age"),
                ClusterPrinters::priorityLevel);
        Printers.add(
                APIService.class,
                Column.of("Name", "Service", "Available", "Age"),
                (service, now) -> List.of(
                        service.getMetadata().getName(),
                        service.getSpec().hasService()
                                ? service.getSpec().getService().getNamespace() + "/"
                                        + service.getSpec().getService().getName()
                                : "Local",
                        available(service),
                        age(service.getMetadata(), now)));
        Printers.add(
                DeviceClass.class,
                Column.of("Name", "Age"),
                (kind, now) -> List.of(kind.getMetadata().getName(), age(kind.getMetadata(), now)));
        Printers.add(
                ResourceClaimTemplate.class,
                Column.of("Name", "Age"),
                (template, now) -> List.of(template.getMetadata().getName(), age(template.getMetadata(), now)));
        Printers.add(
                ResourceClaim.class,
                Column.of("Name", "State", "Age"),
                (claim, now) -> List.of(claim.getMetadata().getName(), state(claim), age(claim.getMetadata(), now)));
        Printers.add(
                ResourceSlice.class,
                Column.of("Name", "Node", "Driver", "Pool", "Age"),
                (slice, now) -> List.of(
                        slice.getMetadata().getName(),
                        slice.getSpec().getNodeName(),
                        slice.getSpec().getDriver(),
                        slice.getSpec().getPool().getName(),
                        age(slice.getMetadata(), now)));
        admission();
    }

    private static void admission() {
        List<Column> webhooks = Column.of("Name", "Webhooks:integer", "Age");
        Printers.add(
                ValidatingWebhookConfiguration.class,
                webhooks,
                (configuration, now) -> List.of(
                        configuration.getMetadata().getName(),
                        (long) configuration.getWebhooksCount(),
                        age(configuration.getMetadata(), now)));
        Printers.add(
                MutatingWebhookConfiguration.class,
                webhooks,
                (configuration, now) -> List.of(
                        configuration.getMetadata().getName(),
                        (long) configuration.getWebhooksCount(),
                        age(configuration.getMetadata(), now)));
        Printers.add(
                ValidatingAdmissionPolicy.class,
                Column.of("Name", "Validations:integer", "ParamKind", "Age"),
                (policy, now) -> List.of(
                        policy.getMetadata().getName(),
                        (long) policy.getSpec().getValidationsCount(),
                        policy.getSpec().hasParamKind()
                                ? policy.getSpec().getParamKind().getApiVersion() + "/"
                                        + policy.getSpec().getParamKind().getKind()
                                : CellText.UNSET,
                        age(policy.getMetadata(), now)));
        Printers.add(
                MutatingAdmissionPolicy.class,
                Column.of("Name", "Mutations:integer", "ParamKind", "Age"),
                (policy, now) -> List.of(
                        policy.getMetadata().getName(),
                        (long) policy.getSpec().getMutationsCount(),
                        policy.getSpec().hasParamKind()
                                ? policy.getSpec().getParamKind().getApiVersion() + "/"
                                        + policy.getSpec().getParamKind().getKind()
                                : CellText.UNSET,
                        age(policy.getMetadata(), now)));
        List<Column> bindings = Column.of("Name", "PolicyName", "ParamRef", "Age");
        Printers.add(
                ValidatingAdmissionPolicyBinding.class,
                bindings,
                (binding, now) -> List.of(
                        binding.getMetadata().getName(),
                        binding.getSpec().getPolicyName(),
                        binding.getSpec().hasParamRef()
                                ? parameter(binding.getSpec().getParamRef())
                                : CellText.UNSET,
                        age(binding.getMetadata(), now)));
        Printers.add(
                MutatingAdmissionPolicyBinding.class,
                bindings,
                (binding, now) -> List.of(
                        binding.getMetadata().getName(),
                        binding.getSpec().getPolicyName(),
                        binding.getSpec().hasParamRef()
                                ? parameter(binding.getSpec().getParamRef())
                                : CellText.UNSET,
                        age(binding.getMetadata(), now)));
    }

    private static String parameter(ParamRef reference) {
        if (reference.getName().isEmpty()) {
            return CellText.selector(reference.getSelector());
        }
        return (reference.getNamespace().isEmpty() ? "*" : reference.getNamespace()) + "/" + reference.getName();
    }

    private static List<Object> binding(ObjectMeta meta, RoleRef role, List<Subject> subjects, Instant now) {
        return List.of(
                meta.getName(),
                role.getKind() + "/" + role.getName(),
                age(meta, now),
                subjects(subjects, "User"),
                subjects(subjects, "Group"),
                subjects(subjects, "ServiceAccount"));
    }

    private static String subjects(List<Subject> subjects, String kind) {
        Function<Subject, String> name = subject ->
                kind.equals("ServiceAccount") && !subject.getNamespace().isEmpty()
                        ? subject.getNamespace() + "/" + subject.getName()
                        : subject.getName();
        return subjects.stream()
                .filter(subject -> subject.getKind().equals(kind))
                .map(name)
                .collect(Collectors.joining(", "));
    }

    private static List<Object> signingRequest(CertificateSigningRequest request, Instant now) {
        boolean denied = has(request, "Denied");
        String status = denied ? "Denied" : has(request, "Approved") ? "Approved" : "Pending";
        if (has(request, "Failed")) {
            status += ",Failed";
        }
        if (!request.getStatus().getCertificate().isEmpty()) {
            status += ",Issued";
        }
        return List.of(
                request.getMetadata().getName(),
                age(request.getMetadata(), now),
                orNone(request.getSpec().getSignerName()),
                request.getSpec().getUsername(),
                request.getSpec().hasExpirationSeconds()
                        ? CellText.duration(Duration.ofSeconds(request.getSpec().getExpirationSeconds()))
                        : CellText.NONE,
                status);
    }

    private static boolean has(CertificateSigningRequest request, String type) {
        return request.getStatus().getConditionsList().stream()
                .anyMatch(condition -> condition.getType().equals(type));
    }

    private static List<Object> priorityLevel(PriorityLevelConfiguration level, Instant now) {
        List<Object> cells = new ArrayList<>(
                List.of(level.getMetadata().getName(), level.getSpec().getType()));
        boolean limited = level.getSpec().hasLimited();
        cells.add(limited ? (Object) (long) level.getSpec().getLimited().getNominalConcurrencyShares() : CellText.NONE);
        if (limited && level.getSpec().getLimited().getLimitResponse().hasQueuing()) {
            QueuingConfiguration queuing =
                    level.getSpec().getLimited().getLimitResponse().getQueuing();
            cells.addAll(List.of(
                    (long) queuing.getQueues(), (long) queuing.getHandSize(), (long) queuing.getQueueLengthLimit()));
        } else {
            cells.addAll(List.of(CellText.NONE, CellText.NONE, CellText.NONE));
        }
        cells.add(age(level.getMetadata(), now));
        return cells;
    }

    private static String available(APIService service) {
        for (APIServiceCondition condition : service.getStatus().getConditionsList()) {
            if (condition.getType().equals("Available")) {
                boolean reasoned = !condition.getStatus().equals("True")
                        && !condition.getReason().isEmpty();
                return condition.getStatus() + (reasoned ? " (" + condition.getReason() + ")" : "");
            }
        }
        return "Unknown";
    }

    private static String state(ResourceClaim claim) {
        List<String> states = new ArrayList<>();
        boolean deleted = claim.getMetadata().hasDeletionTimestamp();
        if (deleted) {
            states.add("deleted");
        }
        if (claim.getStatus().hasAllocation()) {
            states.add("allocated");
            if (claim.getStatus().getReservedForCount() > 0) {
                states.add("reserved");
            }
        } else if (!deleted) {
            states.add("pending");
        }
        return String.join(",", states);
    }
}
