package io.jollyboat.apiserver.validation;

import com.google.protobuf.Message;
import io.jollyboat.api.flowcontrol.v1.FlowSchemaSpec;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfigurationSpec;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The flow control objects that must be there, and as they are. */
final class FixedFlows {
    private static final String EVERYTHING = "\"resourceRules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],"
            + "\"resources\":[\"*\"],\"clusterScope\":true,\"namespaces\":[\"*\"]}],"
            + "\"nonResourceRules\":[{\"verbs\":[\"*\"],\"nonResourceURLs\":[\"*\"]}]";

    private static final Map<String, FlowSchemaSpec> SCHEMAS = Map.of(
            "exempt",
                    read(
                            "{\"priorityLevelConfiguration\":{\"name\":\"exempt\"},\"matchingPrecedence\":1,\"rules\":["
                                    + "{\"subjects\":[" + group("system:masters") + "]," + EVERYTHING + "}]}",
                            FlowSchemaSpec.getDefaultInstance()),
            "catch-all",
                    read(
                            "{\"priorityLevelConfiguration\":{\"name\":\"catch-all\"},\"matchingPrecedence\":10000,"
                                    + "\"distinguisherMethod\":{\"type\":\"ByUser\"},\"rules\":[{\"subjects\":["
                                    + group("system:unauthenticated") + "," + group("system:authenticated") + "],"
                                    + EVERYTHING + "}]}",
                            FlowSchemaSpec.getDefaultInstance()));

    private static final Map<String, PriorityLevelConfigurationSpec> LEVELS = Map.of(
            "exempt",
                    read(
                            "{\"type\":\"Exempt\",\"exempt\":{\"nominalConcurrencyShares\":0,\"lendablePercent\":0}}",
                            PriorityLevelConfigurationSpec.getDefaultInstance()),
            "catch-all",
                    read(
                            "{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":5,\"lendablePercent\":0,"
                                    + "\"limitResponse\":{\"type\":\"Reject\"}}}",
                            PriorityLevelConfigurationSpec.getDefaultInstance()));

    private FixedFlows() {}

    /** Null for the names that anybody may use. */
    static FlowSchemaSpec schema(String name) {
        return SCHEMAS.get(name);
    }

    static PriorityLevelConfigurationSpec level(String name) {
        return LEVELS.get(name);
    }

    private static String group(String name) {
        return "{\"kind\":\"Group\",\"group\":{\"name\":\"" + name + "\"}}";
    }

    private static <T extends Message> T read(String json, T prototype) {
        return JsonCodec.decode(json.getBytes(StandardCharsets.UTF_8), prototype, Strictness.STRICT)
                .message();
    }
}
