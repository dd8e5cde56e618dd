package io.jollyboat.kubelet.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PullBackOffsTest {
    private final PullBackOffs backOffs = new PullBackOffs();
    private Instant now = Instant.EPOCH;

    @Test
    void waitsDoubleUpToFiveMinutes() {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            backOffs.failed("pod_image", now, "no");
            Instant until = backOffs.waiting("pod_image", now).until();
            delays.add(Duration.between(now, until).toSeconds());
            assertThat(backOffs.waiting("pod_image", until)).isNull();
            now = until;
        }
        assertThat(delays).containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L);
    }

    @Test
    void tenMinutesInPeaceBeginAnew() {
        backOffs.failed("pod_image", now, "no");
        backOffs.failed("pod_image", now, "no");
        now = now.plusSeconds(601);
        backOffs.failed("pod_image", now, "no");
        assertThat(backOffs.waiting("pod_image", now).delay()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aPodThatIsGoneIsForgotten() {
        backOffs.failed("pod_image", now, "no");
        backOffs.failed("other_image", now, "no");
        backOffs.forget("pod_");
        assertThat(backOffs.waiting("pod_image", now)).isNull();
        assertThat(backOffs.waiting("other_image", now)).isNotNull();
    }
}
