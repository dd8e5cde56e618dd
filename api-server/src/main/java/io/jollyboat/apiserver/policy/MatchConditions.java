package io.jollyboat.apiserver.policy;

import com.google.protobuf.Message;
import io.jollyboat.api.admissionregistration.v1.MatchCondition;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.NamespaceMatch;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.webhook.HookConditions;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Judges match conditions of webhooks; each expression is compiled once. */
public final class MatchConditions implements HookConditions {
    private static final int KEPT = 1024;

    private final NamespaceMatch namespaces;
    private final Authorizer authorizer;
    private final Map<String, CelCompilation> compiled = new ConcurrentHashMap<>();

    public MatchConditions(NamespaceMatch namespaces, Authorizer authorizer) {
        this.namespaces = namespaces;
        this.authorizer = authorizer;
    }

    @Override
    public boolean match(
            List<MatchCondition> conditions, AdmissionRequest request, ResourceType<?> as, Message object, Message old)
            throws ConditionException {
        if (conditions.isEmpty()) {
            return true;
        }
        PolicyInput input =
                new PolicyInput(request, as, object, old, () -> namespaces.namespace(request.scope()), authorizer);
        List<CelCompilation> programs =
                conditions.stream().map(c -> compile(c.getExpression())).toList();
        try {
            return PolicyExpressions.applies(conditions, programs, new PolicyVariables(input, null, Map.of()));
        } catch (PolicyFailure e) {
            throw new ConditionException(e.getMessage());
        }
    }

    private CelCompilation compile(String expression) {
        if (compiled.size() > KEPT) {
            compiled.clear();
        }
        return compiled.computeIfAbsent(expression, text -> PolicyEnvironment.condition(text, false));
    }
}
