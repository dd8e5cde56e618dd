package io.jollyboat.codec;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.AnyType;
import io.fabric8.kubernetes.api.model.Duration;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.runtime.RawExtension;
import java.time.ZonedDateTime;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/** Random JSON that uses the properties which fabric8's model declares, the same for the same seed. */
final class Fabric8Objects {
    /** fabric8 has plain strings for times. */
    private static final Pattern TIME = Pattern.compile(
            ".*(Timestamp|Time)|time|timeAdded|startedAt|finishedAt|notBefore|notAfter|beginRefreshAt|disruptedPods");

    /** Fields of 1.37, which the model has and the API that we serve has not. */
    private static final Set<String> NEWER = Set.of(
            "bindMountOptions",
            "compatibilityGroups",
            "defaultUser",
            "derivedAttributes",
            "evictionResponders",
            "healthStatus",
            "nodeAllocatableResources",
            "partitionTypeAttribute",
            "podPreemptionPolicy",
            "runningInUserNamespace",
            "skipNodeOperations",
            "volumeHealth",
            "CSINode.status",
            "ConfigMapVolumeSource.user",
            "DownwardAPIVolumeFile.user",
            "EmptyDirVolumeSource.mode",
            "GRPCAction.mode",
            "HTTPGetAction.protocol",
            "HorizontalPodAutoscalerCondition.observedGeneration",
            "JobSpec.scheduling",
            "KeyToPath.user",
            "NodeAllocatableResourceClaimStatus.mapping",
            "NodeAllocatableResourceClaimStatus.overhead");

    private final ObjectMapper mapper;
    private final Random random;

    Fabric8Objects(ObjectMapper mapper, long seed) {
        this.mapper = mapper;
        this.random = new Random(seed);
    }

    ObjectNode next(Class<?> type, String apiVersion, String kind) {
        ObjectNode object = object(mapper.constructType(type), 0);
        object.put("apiVersion", apiVersion);
        object.put("kind", kind);
        return object;
    }

    private ObjectNode object(JavaType type, int depth) {
        ObjectNode object = mapper.createObjectNode();
        for (BeanPropertyDefinition property :
                mapper.getDeserializationConfig().introspect(type).findProperties()) {
            String name = property.getName();
            if (property.couldDeserialize()
                    && !name.equals("additionalProperties")
                    && !NEWER.contains(name)
                    && !NEWER.contains(type.getRawClass().getSimpleName() + "." + name)
                    && random.nextInt(100) <= 60 - 8 * depth) {
                object.set(name, value(property, property.getPrimaryType(), depth));
            }
        }
        if (depth > 0 && HasMetadata.class.isAssignableFrom(type.getRawClass())) {
            // A StatefulSet's claims; that they are claims is not theirs to say.
            object.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
        }
        return object;
    }

    private JsonNode value(BeanPropertyDefinition property, JavaType type, int depth) {
        if (type.isCollectionLikeType()) {
            ArrayNode list = mapper.createArrayNode();
            for (int i = random.nextInt(1, 3); i > 0; i--) {
                list.add(value(property, type.getContentType(), depth));
            }
            return list;
        }
        if (type.isMapLikeType()) {
            ObjectNode map = mapper.createObjectNode();
            for (int i = random.nextInt(1, 3); i > 0; i--) {
                map.set("key" + i, value(property, type.getContentType(), depth));
            }
            return map;
        }
        Class<?> raw = type.getRawClass();
        if (raw == String.class) {
            return mapper.getNodeFactory().textNode(text(property.getName()));
        } else if (raw == Boolean.class) {
            return mapper.getNodeFactory().booleanNode(random.nextBoolean());
        } else if (raw == Integer.class) {
            return mapper.getNodeFactory().numberNode(random.nextInt());
        } else if (raw == Long.class) {
            return mapper.getNodeFactory().numberNode(random.nextInt() * 1_000_000L);
        } else if (raw == Double.class) {
            return mapper.getNodeFactory().numberNode(random.nextInt(1000) + 0.5);
        } else if (raw == Quantity.class) {
            return TextNode.valueOf(random.nextBoolean() ? "250m" : "3Gi");
        } else if (raw == IntOrString.class) {
            return random.nextBoolean()
                    ? TextNode.valueOf("25%")
                    : mapper.getNodeFactory().numberNode(8080);
        } else if (raw == MicroTime.class || raw == ZonedDateTime.class) {
            return TextNode.valueOf("2026-01-02T03:04:05.678901Z");
        } else if (raw == Duration.class) {
            return TextNode.valueOf("1h0m5s");
        } else if (raw == RawExtension.class
                || raw == AnyType.class
                || raw == Object.class
                || raw == KubernetesResource.class
                || type.isAbstract()) {
            return mapper.createObjectNode()
                    .put("apiVersion", "example.com/v1")
                    .put("kind", "Other")
                    .put("n", 5);
        }
        return object(type, depth + 1);
    }

    private String text(String property) {
        if (TIME.matcher(property).matches()) {
            return "2026-01-02T03:04:05Z";
        }
        return random.nextBoolean() ? "bGV0dGVycw==" : "YQ==";
    }
}
