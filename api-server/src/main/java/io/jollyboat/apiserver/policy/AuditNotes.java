package io.jollyboat.apiserver.policy;

import io.jollyboat.apiserver.audit.AuditAnnotations;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the validating policies want the audit log to tell of one request. Used by one thread. */
final class AuditNotes {
    private static final String FAILURE = "validation.policy.admission.k8s.io/validation_failure";

    private final Map<String, Set<String>> notes = new LinkedHashMap<>();
    private String failure;

    /** An annotation of a policy; several bindings may each have a value for it. */
    void note(String key, String value) {
        notes.computeIfAbsent(key, name -> new LinkedHashSet<>()).add(value);
    }

    /** A failed validation. Only the first is logged, in a list of one, as upstream. */
    void failure(String policy, String binding, CompiledPolicy.Finding.Refused refused, List<String> actions) {
        if (failure != null) {
            return;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        ObjectNode entry = list.addObject();
        entry.put("message", refused.message());
        entry.put("policy", policy);
        entry.put("binding", binding);
        entry.put("expressionIndex", refused.index());
        actions.forEach(entry.putArray("validationActions")::add);
        failure = list.toString();
    }

    void publish(AuditAnnotations audit) {
        if (failure != null) {
            audit.add(FAILURE, failure);
        }
        notes.forEach((key, values) -> audit.add(key, String.join(", ", values)));
    }
}
