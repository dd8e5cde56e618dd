package io.jollyboat.apiserver.flow;

import io.jollyboat.api.flowcontrol.v1.ExemptPriorityLevelConfiguration;
import io.jollyboat.api.flowcontrol.v1.FlowDistinguisherMethod;
import io.jollyboat.api.flowcontrol.v1.FlowSchema;
import io.jollyboat.api.flowcontrol.v1.FlowSchemaSpec;
import io.jollyboat.api.flowcontrol.v1.GroupSubject;
import io.jollyboat.api.flowcontrol.v1.LimitResponse;
import io.jollyboat.api.flowcontrol.v1.LimitedPriorityLevelConfiguration;
import io.jollyboat.api.flowcontrol.v1.NonResourcePolicyRule;
import io.jollyboat.api.flowcontrol.v1.PolicyRulesWithSubjects;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfiguration;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfigurationReference;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfigurationSpec;
import io.jollyboat.api.flowcontrol.v1.ResourcePolicyRule;
import io.jollyboat.api.flowcontrol.v1.Subject;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.util.List;

/** What there is of flow control while its objects are not known yet, or gone: who rules, and everybody else. */
final class Mandatory {
    static final String EXEMPT = "exempt";
    static final String CATCH_ALL = "catch-all";

    private static final int FIRST = 1;
    private static final int LAST = 10_000;
    private static final int CATCH_ALL_SHARES = 5;

    static final List<PriorityLevelConfiguration> LEVELS = List.of(
            level(
                    EXEMPT,
                    PriorityLevelConfigurationSpec.newBuilder()
                            .setType("Exempt")
                            .setExempt(ExemptPriorityLevelConfiguration.getDefaultInstance())),
            level(
                    CATCH_ALL,
                    PriorityLevelConfigurationSpec.newBuilder()
                            .setType("Limited")
                            .setLimited(LimitedPriorityLevelConfiguration.newBuilder()
                                    .setNominalConcurrencyShares(CATCH_ALL_SHARES)
                                    .setLimitResponse(LimitResponse.newBuilder().setType("Reject")))));

    static final List<FlowSchema> SCHEMAS = List.of(
            schema(EXEMPT, FIRST, "system:masters"),
            schema(CATCH_ALL, LAST, "system:unauthenticated", "system:authenticated"));

    private Mandatory() {}

    private static PriorityLevelConfiguration level(String name, PriorityLevelConfigurationSpec.Builder spec) {
        return PriorityLevelConfiguration.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName(name))
                .setSpec(spec)
                .build();
    }

    private static FlowSchema schema(String name, int precedence, String... groups) {
        PolicyRulesWithSubjects.Builder rule = PolicyRulesWithSubjects.newBuilder()
                .addResourceRules(ResourcePolicyRule.newBuilder()
                        .addVerbs("*")
                        .addApiGroups("*")
                        .addResources("*")
                        .addNamespaces("*")
                        .setClusterScope(true))
                .addNonResourceRules(
                        NonResourcePolicyRule.newBuilder().addVerbs("*").addNonResourceURLs("*"));
        for (String group : groups) {
            rule.addSubjects(Subject.newBuilder()
                    .setKind("Group")
                    .setGroup(GroupSubject.newBuilder().setName(group)));
        }
        FlowSchemaSpec.Builder spec = FlowSchemaSpec.newBuilder()
                .setMatchingPrecedence(precedence)
                .setPriorityLevelConfiguration(
                        PriorityLevelConfigurationReference.newBuilder().setName(name))
                .addRules(rule);
        if (name.equals(CATCH_ALL)) {
            spec.setDistinguisherMethod(FlowDistinguisherMethod.newBuilder().setType("ByUser"));
        }
        return FlowSchema.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName(name))
                .setSpec(spec)
                .build();
    }
}
