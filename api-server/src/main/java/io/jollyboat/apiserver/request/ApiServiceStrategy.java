package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.api.apiregistration.v1.APIServiceCondition;
import io.jollyboat.api.apiregistration.v1.APIServiceStatus;
import io.jollyboat.kinds.ResourceType;

/** What this server serves itself is available from the beginning. */
final class ApiServiceStrategy extends KindStrategies.Generic {
    static final String RESOURCE = "apiservices.apiregistration.k8s.io";
    static final KindStrategy INSTANCE = new ApiServiceStrategy();

    private ApiServiceStrategy() {
        super(RESOURCE);
    }

    @Override
    public Message prepareCreate(ResourceType<?> type, Message object) {
        APIService service = (APIService) object;
        if (service.getSpec().hasService()) {
            return service;
        }
        return service.toBuilder()
                .setStatus(APIServiceStatus.newBuilder()
                        .addConditions(APIServiceCondition.newBuilder()
                                .setType("Available")
                                .setStatus("True")
                                .setLastTransitionTime(service.getMetadata().getCreationTimestamp())
                                .setReason("Local")
                                .setMessage("Local APIServices are always available")))
                .build();
    }
}
