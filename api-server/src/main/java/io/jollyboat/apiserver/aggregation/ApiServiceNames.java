package io.jollyboat.apiserver.aggregation;

import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.api.apiregistration.v1.APIServiceCondition;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;

/** What all parts know of APIServices. */
final class ApiServiceNames {
    static final ResourceType<APIService> TYPE = Kinds.of(APIService.class);
    static final String AVAILABLE = "Available";

    private ApiServiceNames() {}

    /** The name that a group's version must have. */
    static String of(String group, String version) {
        return version + "." + group;
    }

    static String group(String name) {
        return name.substring(name.indexOf('.') + 1);
    }

    static String version(String name) {
        return name.substring(0, name.indexOf('.'));
    }

    /** Null where it says nothing of its availability. */
    static APIServiceCondition available(APIService service) {
        for (APIServiceCondition condition : service.getStatus().getConditionsList()) {
            if (condition.getType().equals(AVAILABLE)) {
                return condition;
            }
        }
        return null;
    }

    static boolean isAvailable(APIService service) {
        APIServiceCondition condition = available(service);
        return condition != null && condition.getStatus().equals("True");
    }
}
