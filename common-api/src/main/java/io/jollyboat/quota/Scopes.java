package io.jollyboat.quota;

import io.jollyboat.api.core.v1.ResourceQuotaSpec;
import io.jollyboat.api.core.v1.ScopedResourceSelectorRequirement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a quota is limited to. */
public final class Scopes {
    static final String EXISTS = "Exists";

    private Scopes() {}

    /** All that an object must fulfil for the quota to count it. */
    public static List<ScopedResourceSelectorRequirement> of(ResourceQuotaSpec quota) {
        List<ScopedResourceSelectorRequirement> all = new ArrayList<>();
        for (String scope : quota.getScopesList()) {
            all.add(ScopedResourceSelectorRequirement.newBuilder()
                    .setScopeName(scope)
                    .setOperator(EXISTS)
                    .build());
        }
        all.addAll(quota.getScopeSelector().getMatchExpressionsList());
        return all;
    }

    /** @param names the object's classes; one that fits is enough */
    static boolean matches(ScopedResourceSelectorRequirement scope, Collection<String> names) {
        return switch (scope.getOperator()) {
            case EXISTS -> !names.isEmpty();
            case "DoesNotExist" -> names.isEmpty();
            case "In" -> names.stream().anyMatch(scope.getValuesList()::contains);
            case "NotIn" ->
                names.isEmpty()
                        || names.stream()
                                .anyMatch(name -> !scope.getValuesList().contains(name));
            default -> false;
        };
    }
}
