package io.jollyboat.apiserver.custom;

import io.jollyboat.api.apiextensions.v1.CustomResourceSubresourceScale;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.api.autoscaling.v1.ScaleSpec;
import io.jollyboat.api.autoscaling.v1.ScaleStatus;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.codec.CustomContent;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where the scale of a custom resource lies.
 *
 * @param selector null where there is none
 */
public record ScalePaths(String spec, String status, String selector) {
    /** Stands for replicas that are not set. */
    private static final int UNSET = Integer.MIN_VALUE;

    static ScalePaths of(CustomResourceSubresourceScale scale) {
        return new ScalePaths(
                scale.getSpecReplicasPath(),
                scale.getStatusReplicasPath(),
                scale.hasLabelSelectorPath() && !scale.getLabelSelectorPath().isEmpty()
                        ? scale.getLabelSelectorPath()
                        : null);
    }

    /** The names on the way to the replicas. */
    public List<String> replicas() {
        return List.of(names(spec));
    }

    /** The object's scale; 500 where it says no number of replicas. */
    public Scale scale(CustomObject object) {
        Scale scale = read(object);
        if (scale.getSpec().getReplicas() == UNSET) {
            throw ApiException.internal("the spec replicas field \"" + spec + "\" does not exist");
        }
        return scale;
    }

    /** The object with what becomes of its scale. */
    public CustomObject scaled(CustomObject object, UnaryOperator<Scale> change) {
        Scale wanted = change.apply(read(object));
        if (wanted.getSpec().getReplicas() == UNSET) {
            throw ApiException.badRequest("the spec replicas field \"" + spec + "\" cannot be empty");
        }
        ObjectNode content = CustomContent.tree(object);
        String[] names = names(spec);
        ObjectNode at = content;
        for (int i = 0; i < names.length - 1; i++) {
            JsonNode next = at.get(names[i]);
            if (next != null && !next.isObject()) {
                throw ApiException.internal("value cannot be set because " + spec + " is not a map[string]interface{}");
            }
            at = next == null ? at.putObject(names[i]) : (ObjectNode) next;
        }
        at.put(names[names.length - 1], wanted.getSpec().getReplicas());
        ObjectMeta.Builder meta = object.getMetadata().toBuilder();
        if (!wanted.getMetadata().getResourceVersion().isEmpty()) {
            meta.setResourceVersion(wanted.getMetadata().getResourceVersion());
        }
        if (!wanted.getMetadata().getUid().isEmpty()) {
            meta.setUid(wanted.getMetadata().getUid());
        }
        return CustomContent.with(object, content).toBuilder().setMetadata(meta).build();
    }

    private Scale read(CustomObject object) {
        ObjectNode content = CustomContent.tree(object);
        List<String> problems = new ArrayList<>();
        Long replicas = number(content, spec, problems);
        Long current = number(content, status, problems);
        String labels = selector == null ? "" : string(content, problems);
        if (!problems.isEmpty()) {
            throw ApiException.internal(problems.getFirst());
        }
        ObjectMeta meta = object.getMetadata();
        return Scale.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setName(meta.getName())
                        .setNamespace(meta.getNamespace())
                        .setUid(meta.getUid())
                        .setResourceVersion(meta.getResourceVersion())
                        .setCreationTimestamp(meta.getCreationTimestamp()))
                .setSpec(ScaleSpec.newBuilder().setReplicas(replicas == null ? UNSET : replicas.intValue()))
                .setStatus(ScaleStatus.newBuilder()
                        .setReplicas(current == null ? 0 : current.intValue())
                        .setSelector(labels))
                .build();
    }

    /** What is wrong with the numbers in an object; only those of its status where it was the status that changed. */
    List<FieldError> check(ObjectNode object, boolean statusOnly) {
        List<FieldError> errors = new ArrayList<>();
        if (!statusOnly) {
            check(object, spec, errors);
        }
        check(object, status, errors);
        List<String> problems = new ArrayList<>();
        if (selector != null) {
            string(object, problems);
            problems.forEach(problem -> errors.add(FieldError.invalid(selector, "", problem)));
        }
        return errors;
    }

    private static void check(ObjectNode object, String path, List<FieldError> errors) {
        List<String> problems = new ArrayList<>();
        Long replicas = number(object, path, problems);
        if (!problems.isEmpty()) {
            errors.add(FieldError.invalid(path, 0, problems.getFirst()));
        } else if (replicas != null && replicas < 0) {
            errors.add(FieldError.invalid(path, replicas, "should be a non-negative integer"));
        } else if (replicas != null && replicas > Integer.MAX_VALUE) {
            errors.add(FieldError.invalid(path, replicas, "should be less than or equal to " + Integer.MAX_VALUE));
        }
    }

    private static Long number(ObjectNode object, String path, List<String> problems) {
        JsonNode found = find(object, path, problems);
        if (found == null) {
            return null;
        }
        if (!found.isIntegralNumber()) {
            problems.add(mismatch(path, found, "int64"));
            return null;
        }
        return found.longValue();
    }

    private String string(ObjectNode object, List<String> problems) {
        JsonNode found = find(object, selector, problems);
        if (found != null && !found.isString()) {
            problems.add(mismatch(selector, found, "string"));
        }
        return found == null || !found.isString() ? "" : found.asString();
    }

    private static JsonNode find(ObjectNode object, String path, List<String> problems) {
        JsonNode at = object;
        for (String name : names(path)) {
            if (!at.isObject()) {
                problems.add(mismatch(path, at, "map[string]interface{}"));
                return null;
            }
            at = at.get(name);
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    private static String[] names(String path) {
        return (path.startsWith(".") ? path.substring(1) : path).split("\\.");
    }

    private static String mismatch(String path, JsonNode found, String wanted) {
        String full = path.startsWith(".") ? path : "." + path;
        return full + " accessor error: " + shown(found) + " is of the type " + goType(found) + ", expected " + wanted;
    }

    private static String shown(JsonNode value) {
        return value.isNull() ? "<nil>" : JsonPath.text(value);
    }

    private static String goType(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            case OBJECT -> "map[string]interface {}";
            case ARRAY -> "[]interface {}";
            case NULL -> "<nil>";
            case BINARY, MISSING, POJO -> throw new IllegalStateException("no JSON: " + value.getNodeType());
        };
    }
}
