package io.jollyboat.apiserver.authz;

import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.selectors.FieldMatcher;
import io.jollyboat.selectors.FieldSelectors;
import io.jollyboat.selectors.LabelRequirement;
import io.jollyboat.selectors.LabelSelectors;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request as the {@code spec} of a SubjectAccessReview. */
final class ReviewSpec {
    private ReviewSpec() {}

    /** @param beta of the older version, which calls the groups a group */
    static ObjectNode of(RequestAttributes attributes, boolean beta) {
        return spec(attributes, false, beta ? "group" : "groups");
    }

    /** With all fields, also the empty ones, for expressions. */
    static ObjectNode full(RequestAttributes attributes) {
        return spec(attributes, true, "groups");
    }

    private static ObjectNode spec(RequestAttributes attributes, boolean full, String groups) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        if (attributes.resourceRequest()) {
            ObjectNode resource = spec.putObject("resourceAttributes");
            put(resource, "namespace", attributes.namespace(), full);
            put(resource, "verb", attributes.verb(), full);
            put(resource, "group", attributes.apiGroup(), full);
            put(resource, "version", attributes.apiVersion(), full);
            put(resource, "resource", attributes.resource(), full);
            put(resource, "subresource", attributes.subresource(), full);
            put(resource, "name", attributes.name(), full);
            selectors(resource, attributes);
        } else {
            ObjectNode path = spec.putObject("nonResourceAttributes");
            put(path, "path", attributes.path(), full);
            put(path, "verb", attributes.verb(), full);
        }
        put(spec, "user", attributes.user().name(), full);
        if (full || !attributes.user().groups().isEmpty()) {
            ArrayNode all = spec.putArray(groups);
            attributes.user().groups().forEach(all::add);
        }
        Map<String, List<String>> extra = attributes.user().extra();
        if (full || !extra.isEmpty()) {
            ObjectNode all = spec.putObject("extra");
            extra.keySet().stream().sorted().forEach(key -> {
                ArrayNode values = all.putArray(key);
                extra.get(key).forEach(values::add);
            });
        }
        put(spec, "uid", attributes.user().uid(), full);
        return spec;
    }

    private static void put(ObjectNode node, String key, String value, boolean full) {
        if (full || !value.isEmpty()) {
            node.put(key, value);
        }
    }

    /** Selectors that cannot be read are left out: what is asked then is broader. */
    private static void selectors(ObjectNode resource, RequestAttributes attributes) {
        if (!attributes.fieldSelector().isEmpty()) {
            try {
                List<FieldMatcher.Term> terms =
                        FieldSelectors.parse(attributes.fieldSelector()).terms();
                if (!terms.isEmpty()) {
                    ArrayNode all = resource.putObject("fieldSelector").putArray("requirements");
                    terms.forEach(term -> all.addObject()
                            .put("key", term.field())
                            .put("operator", term.negated() ? "NotIn" : "In")
                            .putArray("values")
                            .add(term.value()));
                }
            } catch (IllegalArgumentException e) {
                // Its user is told when the request is read.
            }
        }
        if (!attributes.labelSelector().isEmpty()) {
            try {
                List<LabelRequirement> requirements =
                        LabelSelectors.parse(attributes.labelSelector()).requirements();
                if (!requirements.isEmpty()) {
                    labels(resource.putObject("labelSelector").putArray("requirements"), requirements);
                }
            } catch (IllegalArgumentException e) {
                // As above.
            }
        }
    }

    private static void labels(ArrayNode all, List<LabelRequirement> requirements) {
        for (LabelRequirement requirement : requirements) {
            String operator = operator(requirement.operator());
            if (operator.isEmpty()) {
                continue;
            }
            ObjectNode one = all.addObject().put("key", requirement.key()).put("operator", operator);
            if (!requirement.values().isEmpty()) {
                ArrayNode values = one.putArray("values");
                requirement.values().forEach(values::add);
            }
        }
    }

    /** Empty for one that reviews do not have. */
    private static String operator(LabelRequirement.Operator operator) {
        return switch (operator) {
            case IN, EQUALS -> "In";
            case NOT_IN, NOT_EQUALS -> "NotIn";
            case EXISTS -> "Exists";
            case DOES_NOT_EXIST -> "DoesNotExist";
            case GREATER_THAN, LESS_THAN -> "";
        };
    }
}
