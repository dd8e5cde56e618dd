package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Taint;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;

/** A new node takes no pods until it is known to be ready. */
public final class TaintNodesByCondition implements AdmissionPlugin {
    private static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final String NO_SCHEDULE = "NoSchedule";

    @Override
    public String name() {
        return "TaintNodesByCondition";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.CREATE || !request.isAbout("nodes")) {
            return object;
        }
        Node node = (Node) object;
        boolean there = node.getSpec().getTaintsList().stream()
                .anyMatch(taint ->
                        taint.getKey().equals(NOT_READY) && taint.getEffect().equals(NO_SCHEDULE));
        if (there) {
            return node;
        }
        Node.Builder builder = node.toBuilder();
        builder.getSpecBuilder().addTaints(Taint.newBuilder().setKey(NOT_READY).setEffect(NO_SCHEDULE));
        return builder.build();
    }
}
