package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Defaults must be what their own schema allows, and have nothing that it would prune. */
final class DefaultRules {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> META = Set.of("apiVersion", "kind", "metadata");

    private final SchemaCompiler compiler = new SchemaCompiler(true);
    private final MetadataRules metadata;
    private final Problems problems;
    private final boolean pruned;
    private long budget = RuleEvaluation.BUDGET;

    private DefaultRules(Problems problems, MetadataRules metadata, boolean pruned) {
        this.problems = problems;
        this.metadata = metadata;
        this.pruned = pruned;
    }

    /** Where a place stands: the whole object it belongs to, and the steps that lead there. */
    private record Place(JSONSchemaProps object, List<String> steps, boolean meta) {
        Place child(String step, boolean nowMeta) {
            List<String> longer = new ArrayList<>(steps);
            longer.add(step);
            return new Place(object, longer, nowMeta);
        }
    }

    /** @param pruned whether defaults must have no fields that their schema does not know */
    static void check(Problems problems, JSONSchemaProps schema, String path, MetadataRules metadata, boolean pruned) {
        new DefaultRules(problems, metadata, pruned).check(schema, path, new Place(schema, List.of(), false), true);
    }

    private void check(JSONSchemaProps schema, String path, Place given, boolean root) {
        boolean whole = root || schema.getXKubernetesEmbeddedResource();
        Place place = whole ? new Place(schema, List.of(), false) : given;
        JsonNode value = schema.hasDefault() ? SchemaCompiler.read(schema.getDefault()) : NODES.nullNode();
        if (budget < 0) {
            return;
        }
        if (!value.isNull()) {
            value(schema, value, path + ".default", place, whole);
        }
        if (schema.getItems().hasSchema()) {
            check(schema.getItems().getSchema(), path + ".items", place.child("", place.meta()), false);
        }
        new TreeMap<>(schema.getPropertiesMap()).forEach((name, child) -> {
            boolean meta = place.meta() || (whole && META.contains(name));
            check(child, path + ".properties[" + name + "]", place.child(name, meta), false);
        });
    }

    private void value(JSONSchemaProps schema, JsonNode value, String path, Place place, boolean whole) {
        SchemaNode node = compiler.compile(schema);
        if (place.meta()) {
            String problem = metadataProblem(surrounded(value, place), place);
            if (!problem.isEmpty()) {
                problems.invalid(path, GoJson.shown(value), "must result in valid metadata: " + problem);
                return;
            }
        } else {
            if (pruned) {
                JsonNode kept = value.deepCopy();
                Pruner.prune(kept, node, whole);
                if (!Equality.same(kept, value)) {
                    problems.invalid(path, GoJson.shown(value), "must not have unknown fields");
                }
            }
            FieldError malformed = EmbeddedObjects.firstMalformed(value.deepCopy(), node, path, whole);
            if (malformed != null) {
                problems.addAll(List.of(malformed));
                return;
            }
            List<FieldError> errors = EmbeddedObjects.validate(value, node, path, whole, metadata);
            if (!errors.isEmpty()) {
                problems.addAll(errors);
                return;
            }
        }
        List<FieldError> errors = ValueValidator.validate(value, node, path, null);
        problems.addAll(errors);
        RuleNode rules = errors.isEmpty() ? RuleNode.of(schema, whole) : null;
        if (rules != null) {
            rules(rules, value, path);
        }
    }

    /** As if nothing changed, and as if there was nothing before. */
    private void rules(RuleNode rules, JsonNode value, String path) {
        RuleEvaluation.Result result = RuleEvaluation.run(rules, path, value, value, null, budget);
        problems.addAll(result.errors());
        long left = result.budget();
        if (result.errors().isEmpty()) {
            RuleEvaluation.Result fresh = RuleEvaluation.run(rules, path, value, null, null, budget);
            problems.addAll(fresh.errors());
            left = Math.min(left, fresh.budget());
        }
        budget = left;
    }

    private String metadataProblem(ObjectNode object, Place place) {
        SchemaNode root = compiler.compile(place.object());
        FieldError malformed = EmbeddedObjects.firstMalformed(object, root, "", true);
        if (malformed != null) {
            return malformed.toString();
        }
        List<String> errors = EmbeddedObjects.validate(object, root, "", true, metadata).stream()
                .map(FieldError::toString)
                .distinct()
                .toList();
        return errors.size() > 1
                ? errors.stream().collect(Collectors.joining(", ", "[", "]"))
                : String.join("", errors);
    }

    /** The value in an object that has nothing else but a type. */
    private static ObjectNode surrounded(JsonNode value, Place place) {
        JsonNode wrapped = value.deepCopy();
        for (String step : place.steps().reversed()) {
            if (step.isEmpty()) {
                ArrayNode list = NODES.arrayNode();
                list.add(wrapped);
                wrapped = list;
            } else {
                ObjectNode object = NODES.objectNode();
                object.set(step, wrapped);
                wrapped = object;
            }
        }
        ObjectNode object = wrapped.asObject();
        if (!object.has("kind")) {
            object.put("kind", "Validation");
        }
        if (!object.has("apiVersion")) {
            object.put("apiVersion", "validation/v1");
        }
        return object;
    }
}
