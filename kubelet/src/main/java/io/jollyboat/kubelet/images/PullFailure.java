package io.jollyboat.kubelet.images;

import io.grpc.Status;
import io.jollyboat.kubelet.cri.CriException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a failed pull is told.
 *
 * @param event what the event says after the image's name
 * @param reason of the waiting container
 * @param message of the waiting container
 */
record PullFailure(String event, String reason, String message) {
    private static final String UNAVAILABLE = "RegistryUnavailable";
    private static final String SIGNATURE = "SignatureValidationFailed";

    static PullFailure of(String image, String error) {
        if (error.startsWith(UNAVAILABLE)) {
            return special(image, error, UNAVAILABLE, "the registry is unavailable");
        }
        if (error.startsWith(SIGNATURE)) {
            return special(image, error, SIGNATURE, "the signature validation failed");
        }
        return new PullFailure(error, "ErrImagePull", error);
    }

    private static PullFailure special(String image, String error, String reason, String words) {
        return new PullFailure(
                error,
                reason,
                "image pull failed for " + image + " because " + words + error.substring(reason.length()));
    }

    /** One error as it is, several as a list, each once. */
    static String text(List<CriException> errors) {
        List<String> texts = errors.stream().map(PullFailure::text).distinct().toList();
        return texts.size() == 1 ? texts.getFirst() : texts.stream().collect(Collectors.joining(", ", "[", "]"));
    }

    /** An unknown code says nothing and is left out. */
    private static String text(CriException e) {
        return e.code() == Status.Code.UNKNOWN ? e.getMessage() : e.rpcText();
    }
}
