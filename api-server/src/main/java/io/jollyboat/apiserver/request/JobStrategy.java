package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.batch.v1.Job;
import io.jollyboat.kinds.ResourceType;
import java.util.Map;

/** A job gets its selector from its uid, unless its maker cares for it. */
final class JobStrategy extends KindStrategies.Generic {
    private static final String UID_LABEL = "batch.kubernetes.io/controller-uid";
    private static final String NAME_LABEL = "batch.kubernetes.io/job-name";
    private static final String OLD_UID_LABEL = "controller-uid";
    private static final String OLD_NAME_LABEL = "job-name";

    JobStrategy() {
        super("jobs.batch");
    }

    @Override
    public Message prepareCreate(ResourceType<?> type, Message object) {
        Job job = (Job) object;
        if (job.getSpec().getManualSelector()) {
            return job;
        }
        String uid = job.getMetadata().getUid();
        String name = job.getMetadata().getName();
        Job.Builder builder = job.toBuilder();
        Map<String, String> templateLabels =
                job.getSpec().getTemplate().getMetadata().getLabelsMap();
        boolean shared = !templateLabels.isEmpty()
                && (job.getMetadata().getLabelsCount() == 0
                        || job.getMetadata().getLabelsMap().equals(templateLabels));
        builder.getSpecBuilder()
                .getTemplateBuilder()
                .getMetadataBuilder()
                .putLabels(OLD_NAME_LABEL, name)
                .putLabels(NAME_LABEL, name)
                .putLabels(OLD_UID_LABEL, uid)
                .putLabels(UID_LABEL, uid);
        if (shared) {
            // A job without labels of its own has those of its pods.
            builder.getMetadataBuilder()
                    .putAllLabels(builder.getSpec().getTemplate().getMetadata().getLabelsMap());
        }
        builder.getSpecBuilder().getSelectorBuilder().putMatchLabels(UID_LABEL, uid);
        return builder.build();
    }

    /** Defaults hold for what is read, too, and by then the template has labels. */
    @Override
    public Message prepareStored(Message object) {
        Job job = (Job) object;
        Map<String, String> labels = job.getSpec().getTemplate().getMetadata().getLabelsMap();
        if (job.getMetadata().getLabelsCount() > 0 || labels.isEmpty()) {
            return job;
        }
        Job.Builder builder = job.toBuilder();
        builder.getMetadataBuilder().putAllLabels(labels);
        return builder.build();
    }
}
