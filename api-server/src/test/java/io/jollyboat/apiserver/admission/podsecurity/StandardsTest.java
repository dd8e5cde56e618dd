package io.jollyboat.apiserver.admission.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What changed from version to version; the newest one's texts are in the recordings. */
class StandardsTest {
    private final Standards standards = new Standards();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "baseline|7|\"hostPID\":true,CONTAINER|host namespaces",
                "privileged|36|\"hostPID\":true,CONTAINER|",
                "restricted|7|CONTAINER|runAsNonRoot != true",
                "restricted|8|CONTAINER|allowPrivilegeEscalation != false, runAsNonRoot != true",
                "restricted|19|CONTAINER|allowPrivilegeEscalation != false, runAsNonRoot != true, seccompProfile",
                "restricted|22|CONTAINER|allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot"
                        + " != true, seccompProfile",
                "restricted|24|\"os\":{\"name\":\"windows\"},CONTAINER|allowPrivilegeEscalation != false, unrestricted"
                        + " capabilities, runAsNonRoot != true, seccompProfile",
                "restricted|25|\"os\":{\"name\":\"windows\"},CONTAINER|runAsNonRoot != true",
                "restricted|34|\"hostUsers\":false,\"os\":{\"name\":\"windows\"},CONTAINER|runAsNonRoot != true",
                "restricted|35|\"hostUsers\":false,\"os\":{\"name\":\"windows\"},CONTAINER|",
                "baseline|26|\"securityContext\":{\"sysctls\":[{\"name\":\"net.ipv4.ip_local_reserved_ports\"}]},CONTAINER|"
                        + "forbidden sysctls",
                "baseline|27|\"securityContext\":{\"sysctls\":[{\"name\":\"net.ipv4.ip_local_reserved_ports\"}]},CONTAINER|",
                "baseline|31|\"securityContext\":{\"sysctls\":[{\"name\":\"net.ipv4.tcp_rmem\"}]},CONTAINER|forbidden"
                        + " sysctls",
                "baseline|32|\"securityContext\":{\"sysctls\":[{\"name\":\"net.ipv4.tcp_rmem\"}]},CONTAINER|",
                "baseline|30|\"securityContext\":{\"seLinuxOptions\":{\"type\":\"container_engine_t\"}},CONTAINER|"
                        + "seLinuxOptions",
                "baseline|31|\"securityContext\":{\"seLinuxOptions\":{\"type\":\"container_engine_t\"}},CONTAINER|",
                "baseline|33|\"containers\":[{\"name\":\"c\",\"livenessProbe\":{\"httpGet\":{\"host\":\"h\"}}}]|",
                "baseline|34|\"containers\":[{\"name\":\"c\",\"livenessProbe\":{\"httpGet\":{\"host\":\"h\"}}}]|probe or"
                        + " lifecycle host",
                "baseline|34|\"hostUsers\":false,\"containers\":[{\"name\":\"c\",\"securityContext\":{\"procMount\":"
                        + "\"Unmasked\"}}]|procMount",
                "baseline|35|\"hostUsers\":false,\"containers\":[{\"name\":\"c\",\"securityContext\":{\"procMount\":"
                        + "\"Unmasked\"}}]|",
            })
    void eachVersionAsItWas(String level, int minor, String spec, String reasons) {
        Pod pod = pod(spec);
        assertThat(Violation.reasons(standards.violations(
                        new LevelVersion(Level.parse(level), minor), PodView.of(Map.of(), pod.getSpec()))))
                .isEqualTo(reasons == null ? "" : reasons);
    }

    @Test
    void seccompByAnnotationsInTheOldDays() {
        PodView pod = PodView.of(
                Map.of("seccomp.security.alpha.kubernetes.io/pod", "unconfined"),
                pod("CONTAINER").getSpec());
        assertThat(Violation.details(standards.violations(new LevelVersion(Level.BASELINE, 18), pod)))
                .isEqualTo("seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="
                        + "\"unconfined\")");
        assertThat(standards.violations(new LevelVersion(Level.BASELINE, 19), pod))
                .isEmpty();
    }

    @Test
    void ephemeralContainersCountToo() {
        PodView pod = PodView.of(
                Map.of(),
                pod("CONTAINER,\"ephemeralContainers\":[{\"name\":\"e\",\"securityContext\":{\"privileged\":true}}]")
                        .getSpec());
        assertThat(Violation.details(standards.violations(new LevelVersion(Level.BASELINE, LevelVersion.LATEST), pod)))
                .isEqualTo("privileged (container \"e\" must not set securityContext.privileged=true)");
    }

    @ParameterizedTest
    @CsvSource({
        "restricted, , , restricted:latest, privileged:latest, restricted:latest, 0",
        "restricted, v1.20, , restricted:v1.20, privileged:latest, restricted:v1.20, 0",
        "restricted, , baseline, restricted:latest, privileged:latest, baseline:latest, 0",
        "wrong, , , restricted:latest, privileged:latest, privileged:latest, 1",
        "baseline, v1, , baseline:latest, privileged:latest, baseline:latest, 1",
        "baseline, v1.01, , baseline:latest, privileged:latest, baseline:latest, 1",
        "baseline, , wrong, baseline:latest, privileged:latest, privileged:latest, 1",
    })
    void labelsAreRead(
            String enforce, String version, String warn, String enforced, String audited, String warned, int errors) {
        Map<String, String> labels = new java.util.HashMap<>();
        labels.put(NamespacePolicy.PREFIX + "enforce", enforce);
        if (version != null) {
            labels.put(NamespacePolicy.PREFIX + "enforce-version", version);
        }
        if (warn != null) {
            labels.put(NamespacePolicy.PREFIX + "warn", warn);
        }
        NamespacePolicy policy = NamespacePolicy.of(labels, PodSecurityConfiguration.NONE.policy());
        assertThat(policy.enforce()).hasToString(enforced);
        assertThat(policy.audit()).hasToString(audited);
        assertThat(policy.warn()).hasToString(warned);
        assertThat(policy.errors()).hasSize(errors);
    }

    private static Pod pod(String spec) {
        String json = "{\"spec\":{" + spec.replace("CONTAINER", "\"containers\":[{\"name\":\"c\"}]") + "}}";
        return JsonCodec.decode(json.getBytes(StandardCharsets.UTF_8), Pod.getDefaultInstance(), Strictness.STRICT)
                .message();
    }
}
