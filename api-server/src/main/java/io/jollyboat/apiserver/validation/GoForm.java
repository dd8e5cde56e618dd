package io.jollyboat.apiserver.validation;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jollyboat.api.intstr.IntOrString;
import io.jollyboat.api.meta.v1.MicroTime;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.api.options.FieldRules;
import io.jollyboat.api.options.JsonForm;
import io.jollyboat.api.options.Options;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.values.IntOrStrings;
import io.jollyboat.values.Times;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Values as upstream prints them in errors: its own structures, with all their fields under the names they have in Go. */
final class GoForm {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Names whose first letter alone is not what Go writes large. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("apiGroup", "APIGroup"),
            Map.entry("apiGroups", "APIGroups"),
            Map.entry("apiVersion", "APIVersion"),
            Map.entry("awsElasticBlockStore", "AWSElasticBlockStore"),
            Map.entry("cel", "CEL"),
            Map.entry("cephfs", "CephFS"),
            Map.entry("clientIP", "ClientIP"),
            Map.entry("configMapRef", "ConfigMapRef"),
            Map.entry("csi", "CSI"),
            Map.entry("dnsConfig", "DNSConfig"),
            Map.entry("dnsPolicy", "DNSPolicy"),
            Map.entry("fc", "FC"),
            Map.entry("fsGroup", "FSGroup"),
            Map.entry("fsGroupChangePolicy", "FSGroupChangePolicy"),
            Map.entry("gcePersistentDisk", "GCEPersistentDisk"),
            Map.entry("grpc", "GRPC"),
            Map.entry("httpGet", "HTTPGet"),
            Map.entry("httpHeaders", "HTTPHeaders"),
            Map.entry("ip", "IP"),
            Map.entry("iscsi", "ISCSI"),
            Map.entry("jsonPath", "JSONPath"),
            Map.entry("nfs", "NFS"),
            Map.entry("os", "OS"),
            Map.entry("rbd", "RBD"),
            Map.entry("seLinuxChangePolicy", "SELinuxChangePolicy"),
            Map.entry("seLinuxOptions", "SELinuxOptions"),
            Map.entry("setHostnameAsFQDN", "SetHostnameAsFQDN"),
            Map.entry("scaleIO", "ScaleIO"),
            Map.entry("storageos", "StorageOS"),
            Map.entry("tcpSocket", "TCPSocket"),
            Map.entry("tty", "TTY"),
            Map.entry("uid", "UID"),
            Map.entry("url", "URL"));

    /** What stands in the pod's own fields on the wire, and in its security context in upstream's structures. */
    private static final List<String> HOST_FIELDS =
            List.of("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers");

    /** Fields that upstream declares after another one than its messages do. */
    private static final Map<String, String> AFTER = Map.of(
            "preemptionPolicy", "priority",
            "setHostnameAsFQDN", "subdomain",
            "enableServiceLinks", "overhead",
            "fsGroupChangePolicy", "fsGroup");

    private GoForm() {}

    /** The value for an error's text: strings and numbers as they are, the rest as bare JSON. */
    static Object of(Object value) {
        return switch (value) {
            case Time time -> Times.format(time);
            case MicroTime time -> Times.format(time);
            case Message message -> Errors.bare(JSON.writeValueAsString(tree(message)));
            case Collection<?> list -> Errors.bare(JSON.writeValueAsString(list(list)));
            case Map<?, ?> map -> Errors.bare(JSON.writeValueAsString(map(map)));
            default -> value;
        };
    }

    static JsonNode tree(Message message) {
        JsonForm form = message.getDescriptorForType()
                .getOptions()
                .getExtension(Options.type)
                .getJsonForm();
        boolean own = form == JsonForm.OBJECT
                && !message.getDescriptorForType().getFullName().contains("apimachinery");
        return switch (message) {
            case Quantity quantity -> JSON.valueToTree(quantity.getString());
            case IntOrString value ->
                IntOrStrings.isString(value)
                        ? JSON.valueToTree(value.getStrVal())
                        : JSON.valueToTree(value.getIntVal());
            case Time time -> JSON.valueToTree(Times.format(time));
            case MicroTime time -> JSON.valueToTree(Times.format(time));
            default -> own ? object(message) : JsonCodec.toTree(message, null, null);
        };
    }

    private static ObjectNode object(Message message) {
        ObjectNode node = JSON.createObjectNode();
        boolean pod = message.getDescriptorForType().getFullName().endsWith("core.v1.PodSpec");
        JsonNode json = JsonCodec.toTree(message, null, null);
        for (FieldDescriptor field : ordered(message.getDescriptorForType())) {
            if (pod && (HOST_FIELDS.contains(field.getName()) || field.getName().equals("serviceAccount"))) {
                continue;
            }
            FieldRules rules = field.getOptions().getExtension(Options.field);
            String name = rules.hasJson() ? rules.getJson() : field.getName();
            if (rules.getInline()) {
                object((Message) message.getField(field))
                        .properties()
                        .forEach(each -> node.set(each.getKey(), each.getValue()));
                continue;
            }
            if (name.equals("metadata")) {
                // Embedded, with tags of its own.
                json.path(name).properties().forEach(each -> node.set(each.getKey(), each.getValue()));
                continue;
            }
            JsonNode value = value(message, field, rules, json.path(name));
            if (pod && name.equals("securityContext")) {
                ObjectNode context = JSON.createObjectNode();
                HOST_FIELDS.forEach(host -> hostField(context, message, host));
                if (value instanceof ObjectNode rest) {
                    context.setAll(rest);
                }
                value = context;
            }
            node.set(goName(name), value);
        }
        return node;
    }

    private static List<FieldDescriptor> ordered(Descriptor type) {
        List<FieldDescriptor> fields = new ArrayList<>(type.getFields());
        AFTER.forEach((name, before) -> {
            FieldDescriptor moved = type.findFieldByName(name);
            FieldDescriptor anchor = type.findFieldByName(before);
            if (moved != null && anchor != null) {
                fields.remove(moved);
                fields.add(fields.indexOf(anchor) + 1, moved);
            }
        });
        return fields;
    }

    private static void hostField(ObjectNode context, Message pod, String name) {
        FieldDescriptor field = pod.getDescriptorForType().findFieldByName(name);
        boolean pointer = field.getOptions().getExtension(Options.field).getPointer();
        if (pointer && !pod.hasField(field)) {
            context.putNull(goName(name));
        } else {
            context.put(goName(name), (Boolean) pod.getField(field));
        }
    }

    private static JsonNode value(Message message, FieldDescriptor field, FieldRules rules, JsonNode json) {
        if (field.isRepeated()) {
            return repeated(message, field, json);
        }
        if (rules.getPointer() && !message.hasField(field)) {
            return JSON.nullNode();
        }
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            Message child = (Message) message.getField(field);
            JsonForm form = child.getDescriptorForType()
                    .getOptions()
                    .getExtension(Options.type)
                    .getJsonForm();
            if (form != JsonForm.OBJECT) {
                return json.isMissingNode() ? JSON.nullNode() : json;
            }
            return tree(child);
        }
        return json.isMissingNode() ? JSON.valueToTree(message.getField(field)) : json;
    }

    private static JsonNode repeated(Message message, FieldDescriptor field, JsonNode json) {
        if (message.getRepeatedFieldCount(field) == 0) {
            return JSON.nullNode();
        }
        if (field.isMapField() || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || !json.isArray()) {
            return json;
        }
        ArrayNode list = JSON.createArrayNode();
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
            Message child = (Message) message.getRepeatedField(field, i);
            JsonForm form = child.getDescriptorForType()
                    .getOptions()
                    .getExtension(Options.type)
                    .getJsonForm();
            list.add(form == JsonForm.OBJECT ? tree(child) : json.get(i));
        }
        return list;
    }

    private static JsonNode list(Collection<?> values) {
        ArrayNode list = JSON.createArrayNode();
        values.forEach(value -> list.add(value instanceof Message child ? tree(child) : JSON.valueToTree(value)));
        return list;
    }

    private static JsonNode map(Map<?, ?> values) {
        ObjectNode node = JSON.createObjectNode();
        Map<String, Object> sorted = new TreeMap<>();
        values.forEach((key, value) -> sorted.put((String) key, value));
        sorted.forEach(
                (key, value) -> node.set(key, value instanceof Message child ? tree(child) : JSON.valueToTree(value)));
        return node;
    }

    private static String goName(String json) {
        String known = NAMES.get(json);
        return known != null ? known : Character.toUpperCase(json.charAt(0)) + json.substring(1);
    }
}
