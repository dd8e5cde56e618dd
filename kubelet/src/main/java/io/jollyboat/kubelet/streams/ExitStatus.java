package io.jollyboat.kubelet.streams;

import io.jollyboat.api.meta.v1.Status;
import io.jollyboat.api.meta.v1.StatusCause;
import io.jollyboat.api.meta.v1.StatusDetails;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import java.nio.charset.StandardCharsets;

/** How a process ended, as the last message on the error channel tells it: upstream's translation of the runtime's. */
final class ExitStatus {
    private static final String NON_ZERO = "NonZeroExitCode";

    private ExitStatus() {}

    static byte[] failure(String why) {
        return json(Status.newBuilder()
                .setStatus("Failure")
                .setMessage("Internal error occurred: " + why)
                .setReason("InternalError")
                .setDetails(StatusDetails.newBuilder()
                        .addCauses(StatusCause.newBuilder().setMessage(why)))
                .setCode(500)
                .build());
    }

    /** @param told what the runtime wrote to its error stream */
    static byte[] ofRuntime(byte[] told) {
        if (told.length == 0) {
            return json(Status.newBuilder().setStatus("Success").build());
        }
        Status status;
        try {
            status = JsonCodec.decode(told, Status.getDefaultInstance(), Strictness.IGNORE)
                    .message();
        } catch (RuntimeException e) {
            return failure("error stream protocol error: " + e.getMessage() + " in \""
                    + new String(told, StandardCharsets.UTF_8) + "\"");
        }
        return switch (status.getStatus()) {
            case "Success" -> json(Status.newBuilder().setStatus("Success").build());
            case "Failure" -> status.getReason().equals(NON_ZERO) ? exited(status) : failure(status.getMessage());
            default -> failure("error stream protocol error: unknown error");
        };
    }

    private static byte[] exited(Status status) {
        String code = "";
        for (StatusCause cause : status.getDetails().getCausesList()) {
            if (cause.getReason().equals("ExitCode")) {
                code = cause.getMessage();
            }
        }
        if (!code.matches("\\d{1,3}")) {
            return failure(
                    code.isEmpty()
                            ? "error stream protocol error: no ExitCode cause given"
                            : "error stream protocol error: invalid exit code value \"" + code + "\"");
        }
        return json(Status.newBuilder()
                .setStatus("Failure")
                .setReason(NON_ZERO)
                .setMessage("command terminated with non-zero exit code: command terminated with exit code " + code)
                .setDetails(StatusDetails.newBuilder()
                        .addCauses(
                                StatusCause.newBuilder().setReason("ExitCode").setMessage(code)))
                .build());
    }

    private static byte[] json(Status status) {
        return JsonCodec.encode(status, null, null);
    }
}
