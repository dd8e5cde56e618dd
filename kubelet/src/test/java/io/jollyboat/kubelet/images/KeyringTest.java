package io.jollyboat.kubelet.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyringTest {
    private static Secret secret(String type, String key, String json) {
        return Secret.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setName("s")
                        .setNamespace("default")
                        .setUid("u"))
                .setType(type)
                .putData(key, ByteString.copyFromUtf8(json))
                .build();
    }

    private static Secret docker(String json) {
        return secret("kubernetes.io/dockerconfigjson", ".dockerconfigjson", json);
    }

    private static List<String> users(Secret secret, String image) {
        Keyring keyring = new Keyring();
        keyring.add(secret);
        return keyring.lookup(ImageReference.parse(image)).stream()
                .map(c -> c.username() + ":" + c.password())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example, registry.example/app, true",
        "registry.example, registry.example:5000/app, false",
        "registry.example:5000, registry.example:5000/app, true",
        "https://registry.example/v2/, registry.example/team/app, true",
        "http://registry.example, registry.example/app, true",
        "registry.example/team, registry.example/team/app, true",
        "registry.example/team, registry.example/other/app, false",
        "*.example, registry.example/app, true",
        "*.example, a.registry.example/app, false",
        "re[a-z]istry.example, registry.example/app, false",
        "10.0.0.1:5000, 10.0.0.1:5000/app, true",
        "https://index.docker.io/v1/, nginx, true",
        "index.docker.io, team/app, true",
        "docker.io, nginx, true",
        "docker.io/library, nginx, true",
        "https://index.docker.io/v1/, registry.example/nginx, false",
        "not a host, registry.example/app, false"
    })
    void aPlaceHoldsForImages(String place, String image, boolean matches) {
        assertThat(users(docker("{\"auths\":{\"" + place + "\":{\"username\":\"ann\",\"password\":\"x\"}}}"), image))
                .isEqualTo(matches ? List.of("ann:x") : List.of());
    }

    @Test
    void theMoreSpecialPlaceComesFirst() {
        assertThat(users(
                        docker(
                                "{\"auths\":{\"quay.io\":{\"username\":\"all\"},\"quay.io/team\":{\"username\":\"team\"}}}"),
                        "quay.io/team/app"))
                .containsExactly("team:", "all:");
    }

    @Test
    void userAndPasswordMayStandInOneField() {
        String padded = Base64.getEncoder().encodeToString("ann:a:b".getBytes(StandardCharsets.UTF_8));
        assertThat(users(
                        docker("{\"auths\":{\"r.example\":{\"auth\":\"" + padded + "\",\"username\":\"no\"}}}"),
                        "r.example/a"))
                .containsExactly("ann:a:b");
        String plain = padded.replace("=", "");
        assertThat(users(
                        secret("kubernetes.io/dockercfg", ".dockercfg", "{\"r.example\":{\"auth\":\"" + plain + "\"}}"),
                        "r.example/a"))
                .containsExactly("ann:a:b");
    }

    @Test
    void whatCannotBeReadIsRefusedAndOtherTypesArePassedOver() {
        assertThatThrownBy(() -> users(docker("{"), "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> users(docker("{\"auths\":{\"r.example\":{\"auth\":\"YW5u\"}}}"), "r.example/a"))
                .hasMessageContaining("must be formatted as base64(username:password)");
        assertThat(users(secret("Opaque", ".dockerconfigjson", "{\"auths\":{\"r.example\":{}}}"), "r.example/a"))
                .isEmpty();
    }
}
