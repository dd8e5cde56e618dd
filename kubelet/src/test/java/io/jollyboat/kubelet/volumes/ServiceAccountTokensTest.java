package io.jollyboat.kubelet.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodStatus;
import io.jollyboat.api.core.v1.ProjectedVolumeSource;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccountTokenProjection;
import io.jollyboat.api.core.v1.Volume;
import io.jollyboat.api.core.v1.VolumeProjection;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.kubelet.env.DownwardFields;
import io.jollyboat.kubelet.objects.ReferencedObjects;
import io.jollyboat.kubelet.testing.MemoryApi;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.runtime.VirtualRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The renewal of tokens, by a clock that the test moves. */
class ServiceAccountTokensTest {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration FOUR_FIFTHS = Duration.ofMinutes(48);

    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final MemoryApi api = new MemoryApi(runtime);
    private final ServiceAccountTokens tokens = new ServiceAccountTokens(api, runtime);
    private final Pod pod = Pods.pod(
            "p",
            s -> s.addVolumes(Volume.newBuilder()
                    .setName("t")
                    .setVolumeSource(VolumeSource.newBuilder()
                            .setProjected(ProjectedVolumeSource.newBuilder()
                                    .addSources(
                                            VolumeProjection.newBuilder().setServiceAccountToken(projection(LIFE)))))));

    private static ServiceAccountTokenProjection.Builder projection(Duration life) {
        return ServiceAccountTokenProjection.newBuilder().setPath("token").setExpirationSeconds(life.toSeconds());
    }

    private String token(Duration life) {
        return tokens.token(pod, projection(life).build()).text();
    }

    @Test
    void aTokenIsRenewedAfterFourFifthsOfItsLife() {
        assertThat(token(LIFE)).isEqualTo("token-1-of-default");
        runtime.advance(FOUR_FIFTHS.minusSeconds(1));
        assertThat(token(LIFE)).isEqualTo("token-1-of-default");
        runtime.advance(Duration.ofSeconds(1));
        assertThat(token(LIFE)).isEqualTo("token-2-of-default");
    }

    @Test
    void aLongLivedOneIsRenewedEveryDay() {
        Duration year = Duration.ofDays(365);
        assertThat(token(year)).isEqualTo("token-1-of-default");
        runtime.advance(Duration.ofHours(24));
        assertThat(token(year)).isEqualTo("token-2-of-default");
    }

    @Test
    void theOldOneServesWhileTheServerIsAwayAndItHolds() {
        token(LIFE);
        api.setDown(true);
        runtime.advance(LIFE.minusSeconds(1));
        assertThat(token(LIFE)).isEqualTo("token-1-of-default");
        runtime.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> token(LIFE)).hasMessageStartingWith("failed to fetch token: ");
        api.setDown(false);
        assertThat(token(LIFE)).isEqualTo("token-2-of-default");
    }

    @Test
    void podsAndAudiencesHaveTokensOfTheirOwn() {
        token(LIFE);
        assertThat(tokens.token(pod, projection(LIFE).setAudience("vault").build())
                        .text())
                .isEqualTo("token-2-of-default");
        assertThat(tokens.token(Pods.pod("q", s -> s), projection(LIFE).build()).text())
                .isEqualTo("token-3-of-default");
        tokens.forget("uid-p");
        assertThat(token(LIFE)).isEqualTo("token-4-of-default");
    }

    @Test
    void theFileInThePodIsReplacedInTime(@TempDir Path folder) throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "skipped: only root mounts a tmpfs");
        HostVolumes volumes =
                new HostVolumes(folder, NO_OBJECTS, tokens, new DownwardFields(Map.of()), "10.90.0.2", runtime);
        try {
            PodVolumes.Result first = volumes.setUp(pod, PodStatus.getDefaultInstance());
            assertThat(first.failures()).isEmpty();
            assertThat(first.again()).isEqualTo(FOUR_FIFTHS);
            Path file = folder.resolve("uid-p/volumes/kubernetes.io~projected/t/token");
            assertThat(Files.readString(file)).isEqualTo("token-1-of-default");
            runtime.advance(first.again());
            PodVolumes.Result second = volumes.setUp(pod, PodStatus.getDefaultInstance());
            assertThat(second.again()).isEqualTo(FOUR_FIFTHS);
            assertThat(Files.readString(file)).isEqualTo("token-2-of-default");
        } finally {
            volumes.tearDown("uid-p");
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static final ReferencedObjects NO_OBJECTS = new ReferencedObjects() {
        @Override
        public Optional<ConfigMap> configMap(Pod user, String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Secret> secret(Pod user, String name) {
            return Optional.empty();
        }

        @Override
        public void release(Pod user) {}
    };
}
