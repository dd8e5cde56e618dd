package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestCondition;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestStatus;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Requests for certificates: who asked for what is settled, verdicts say when they were given. */
final class CertificateStrategy extends KindStrategies.Generic {
    private static final Set<String> VERDICTS = Set.of("Approved", "Denied");

    CertificateStrategy() {
        super("certificatesigningrequests.certificates.k8s.io");
    }

    @Override
    public Message prepareUpdate(ResourceType<?> type, Message object, Message old) {
        return ((CertificateSigningRequest) object)
                .toBuilder()
                        .setSpec(((CertificateSigningRequest) old).getSpec())
                        .build();
    }

    @Override
    public Message prepareStatus(String subresource, Message object, Message old, Instant now) {
        CertificateSigningRequest request = (CertificateSigningRequest) object;
        List<CertificateSigningRequestCondition> before =
                ((CertificateSigningRequest) old).getStatus().getConditionsList();
        CertificateSigningRequest.Builder builder = request.toBuilder();
        Time time = Times.time(now.truncatedTo(ChronoUnit.SECONDS));
        if (subresource.equals("status")) {
            VERDICTS.forEach(verdict -> keep(builder.getStatusBuilder(), before, verdict));
        }
        builder.getStatusBuilder().getConditionsBuilderList().forEach(condition -> complete(condition, before, time));
        return request.getStatus().getConditionsCount() == 0 ? object : builder.build();
    }

    /** A verdict is changed through its own subresource only; taking one away is left to the rules to refuse. */
    private static void keep(
            CertificateSigningRequestStatus.Builder status,
            List<CertificateSigningRequestCondition> before,
            String verdict) {
        Iterator<CertificateSigningRequestCondition> kept = of(before, verdict).iterator();
        if (of(status.getConditionsList(), verdict).size()
                == of(before, verdict).size()) {
            for (int i = 0; i < status.getConditionsCount(); i++) {
                if (status.getConditions(i).getType().equals(verdict)) {
                    status.setConditions(i, kept.next());
                }
            }
        }
    }

    private static List<CertificateSigningRequestCondition> of(
            List<CertificateSigningRequestCondition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> condition.getType().equals(type))
                .toList();
    }

    private static void complete(
            CertificateSigningRequestCondition.Builder condition,
            List<CertificateSigningRequestCondition> before,
            Time now) {
        if (!condition.hasLastUpdateTime()) {
            condition.setLastUpdateTime(now);
        }
        if (!condition.hasLastTransitionTime()) {
            condition.setLastTransitionTime(before.stream()
                    .filter(other -> other.getType().equals(condition.getType())
                            && other.getStatus().equals(condition.getStatus())
                            && other.hasLastTransitionTime())
                    .map(CertificateSigningRequestCondition::getLastTransitionTime)
                    .findFirst()
                    .orElse(now));
        }
    }
}
