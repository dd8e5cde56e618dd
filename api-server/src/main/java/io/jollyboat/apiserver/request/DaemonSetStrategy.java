package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.DaemonSet;
import io.jollyboat.kinds.ResourceType;

/** Counts the changes of a daemon set's template in an annotation, where a field of an older version stood. */
final class DaemonSetStrategy extends KindStrategies.Generic {
    private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

    DaemonSetStrategy() {
        super("daemonsets.apps");
    }

    @Override
    public Message prepareCreate(ResourceType<?> type, Message object) {
        DaemonSet set = (DaemonSet) object;
        return counted(set, Math.max(1, count(set)));
    }

    @Override
    public Message prepareUpdate(ResourceType<?> type, Message object, Message old) {
        DaemonSet set = (DaemonSet) object;
        DaemonSet before = (DaemonSet) old;
        boolean same = set.getSpec().getTemplate().equals(before.getSpec().getTemplate());
        long count = count(before);
        return same && count == 0 ? set : counted(set, same ? count : count + 1);
    }

    private static long count(DaemonSet set) {
        try {
            return Long.parseLong(set.getMetadata().getAnnotationsOrDefault(TEMPLATE_GENERATION, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static DaemonSet counted(DaemonSet set, long count) {
        DaemonSet.Builder builder = set.toBuilder();
        builder.getMetadataBuilder().putAnnotations(TEMPLATE_GENERATION, Long.toString(count));
        return builder.build();
    }
}
