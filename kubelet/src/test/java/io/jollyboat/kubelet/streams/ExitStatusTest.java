package io.jollyboat.kubelet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the client hears of the runtime's last word. */
class ExitStatusTest {
    private static String of(String told) {
        return new String(ExitStatus.ofRuntime(told.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private static String internal(String why) {
        return "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"Internal error occurred: " + why
                + "\",\"reason\":\"InternalError\",\"details\":{\"causes\":[{\"message\":\"" + why
                + "\"}]},\"code\":500}";
    }

    @Test
    void tellsSuccess() {
        assertThat(of("")).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
        assertThat(of("{\"metadata\":{},\"status\":\"Success\"}"))
                .isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
    }

    @Test
    void tellsFailure() {
        assertThat(of("{\"status\":\"Failure\",\"message\":\"no such file\",\"reason\":\"InternalError\"}"))
                .isEqualTo(internal("no such file"));
        assertThat(of("{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[]}}"))
                .isEqualTo(internal("error stream protocol error: no ExitCode cause given"));
        assertThat(of("{\"status\":\"Other\"}")).isEqualTo(internal("error stream protocol error: unknown error"));
        assertThat(of("gibberish")).contains("error stream protocol error", "gibberish", "\"code\":500");
    }
}
