package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Toleration;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import java.util.List;

/** A pod stays on a node that is not ready or cannot be reached for five minutes, unless it says otherwise. */
public final class DefaultTolerationSeconds implements AdmissionPlugin {
    private static final List<String> TAINTS =
            List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
    private static final String NO_EXECUTE = "NoExecute";
    private static final long SECONDS = 300;

    @Override
    public String name() {
        return "DefaultTolerationSeconds";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        if (request.operation() == Operation.DELETE || !request.isAbout("pods")) {
            return object;
        }
        Pod.Builder pod = null;
        for (String taint : TAINTS) {
            Pod seen = (Pod) object;
            if (seen.getSpec().getTolerationsList().stream().noneMatch(toleration -> covers(toleration, taint))) {
                pod = pod == null ? seen.toBuilder() : pod;
                pod.getSpecBuilder()
                        .addTolerations(Toleration.newBuilder()
                                .setKey(taint)
                                .setOperator("Exists")
                                .setEffect(NO_EXECUTE)
                                .setTolerationSeconds(SECONDS));
            }
        }
        return pod == null ? object : pod.build();
    }

    private static boolean covers(Toleration toleration, String taint) {
        return (toleration.getKey().isEmpty() || toleration.getKey().equals(taint))
                && (toleration.getEffect().isEmpty() || toleration.getEffect().equals(NO_EXECUTE));
    }
}
