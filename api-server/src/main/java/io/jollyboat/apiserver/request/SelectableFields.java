package io.jollyboat.apiserver.request;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Event;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.custom.CustomConversion;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.Map;

/** Which fields of a kind a field selector may name, and what they are in an object. */
final class SelectableFields {
    private static final String NAME = "metadata.name";
    private static final String NAMESPACE = "metadata.namespace";

    /** Fields beside the metadata's, by stored resource, as paths in the stored version. */
    private static final Map<String, List<String>> OWN = Map.of(
            "pods",
                    List.of(
                            "spec.nodeName",
                            "spec.restartPolicy",
                            "spec.schedulerName",
                            "spec.serviceAccountName",
                            "spec.hostNetwork",
                            "status.phase",
                            "status.podIP",
                            "status.podIPs",
                            "status.nominatedNodeName"),
            "nodes", List.of("spec.unschedulable"),
            "replicationcontrollers", List.of("status.replicas"),
            "namespaces", List.of("status.phase"),
            "secrets", List.of("type"),
            "services", List.of("spec.clusterIP", "spec.type"),
            "events",
                    List.of(
                            "involvedObject.kind",
                            "involvedObject.namespace",
                            "involvedObject.name",
                            "involvedObject.uid",
                            "involvedObject.apiVersion",
                            "involvedObject.resourceVersion",
                            "involvedObject.fieldPath",
                            "reason",
                            "reportingComponent",
                            "source",
                            "type"),
            "jobs.batch", List.of("status.successful"),
            "certificatesigningrequests.certificates.k8s.io", List.of("spec.signerName"),
            "resourceslices.resource.k8s.io", List.of("spec.nodeName", "spec.driver"));

    /** How events.k8s.io names the fields of the stored event. */
    private static final Map<String, String> EVENT_NAMES = Map.ofEntries(
            Map.entry("regarding.kind", "involvedObject.kind"),
            Map.entry("regarding.namespace", "involvedObject.namespace"),
            Map.entry("regarding.name", "involvedObject.name"),
            Map.entry("regarding.uid", "involvedObject.uid"),
            Map.entry("regarding.apiVersion", "involvedObject.apiVersion"),
            Map.entry("regarding.resourceVersion", "involvedObject.resourceVersion"),
            Map.entry("regarding.fieldPath", "involvedObject.fieldPath"),
            Map.entry("reason", "reason"),
            Map.entry("reportingController", "reportingComponent"),
            Map.entry("type", "type"));

    private SelectableFields() {}

    /** The path in the stored object of a field that a selector names; 400 when the kind has no such field. */
    static String resolve(ResourceType<?> type, String field) {
        if (field.equals(NAME)) {
            return NAME;
        }
        if (type.isCustom()) {
            return custom(CustomVersion.of(type), field);
        }
        List<String> own = OWN.get(type.qualifiedResource());
        if (type.qualifiedResource().equals("events.events.k8s.io")) {
            String stored = field.equals(NAMESPACE) ? NAMESPACE : EVENT_NAMES.get(field);
            if (stored == null) {
                throw ApiException.badRequest("field label not supported: " + field);
            }
            return stored;
        }
        // Kinds without own fields take the namespace even when they have none themselves.
        if (field.equals(NAMESPACE) && (own == null || type.namespaced())) {
            return NAMESPACE;
        }
        if (own != null && own.contains(field)) {
            return field;
        }
        throw ApiException.badRequest(refusal(type, own, field));
    }

    private static String custom(CustomVersion version, String field) {
        if (field.equals(NAMESPACE) || version.selectableFields().contains(field)) {
            return field;
        }
        throw ApiException.badRequest("field label not supported: " + field);
    }

    /** The value of a field in the version that the selector is for. */
    static String value(ResourceType<?> type, Entry entry, String path) {
        return type.isCustom() && !path.equals(NAME) && !path.equals(NAMESPACE)
                ? CustomVersion.of(type).selectable(CustomConversion.served(type, entry), path)
                : value(entry, path);
    }

    private static String refusal(ResourceType<?> type, List<String> own, String field) {
        if (own == null) {
            return "\"" + field + "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";
        }
        return switch (type.qualifiedResource()) {
            case "jobs.batch" -> "field label \"" + field + "\" not supported for Job";
            case "resourceslices.resource.k8s.io" ->
                "field label not supported for " + type.apiVersion() + ", Kind=" + type.kind() + ": " + field;
            default -> "field label not supported: " + field;
        };
    }

    /** @param path as {@link #resolve} gave it */
    static String value(Entry entry, String path) {
        return switch (path) {
            case NAME -> entry.name();
            case NAMESPACE -> entry.namespace();
            case "status.podIPs" -> "";
            case "source" -> source((Event) entry.object());
            case "status.successful" -> at(entry.object(), "status.succeeded");
            default -> at(entry.object(), path);
        };
    }

    private static String source(Event event) {
        String component = event.getSource().getComponent();
        return component.isEmpty() ? event.getReportingComponent() : component;
    }

    private static String at(Message object, String path) {
        Message message = object;
        String[] names = path.split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            FieldDescriptor field = message.getDescriptorForType().findFieldByName(names[i]);
            message = (Message) message.getField(field);
        }
        FieldDescriptor last = message.getDescriptorForType().findFieldByName(names[names.length - 1]);
        return String.valueOf(message.getField(last));
    }
}
