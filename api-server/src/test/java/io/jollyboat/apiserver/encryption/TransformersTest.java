package io.jollyboat.apiserver.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms of values, and what they do not let pass. */
class TransformersTest {
    private static final ByteString KEY = ByteString.copyFromUtf8("/registry/secrets/default/s");
    private static final byte[] PLAIN = "k8s\0something".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    static Stream<Transformer> all() {
        return Stream.of(
                new AesCbc("k", new byte[16]),
                new AesCbc("k", new byte[32]),
                new AesGcm("k", new byte[32]),
                new SecretBox("k", new byte[32]));
    }

    @ParameterizedTest
    @MethodSource("all")
    void readWhatTheyWroteAndNeverWriteTheSameTwice(Transformer transformer) throws GeneralSecurityException {
        for (int length : List.of(0, 1, 15, 16, 17, 5000)) {
            byte[] plain = new byte[length];
            ByteString sealed = transformer.seal(KEY, plain);
            assertThat(sealed.startsWith(transformer.prefix())).isTrue();
            assertThat(transformer.open(KEY, sealed)).isEqualTo(plain);
            assertThat(transformer.seal(KEY, plain)).isNotEqualTo(sealed);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void refuseWhatIsCutOrChanged(Transformer transformer) throws GeneralSecurityException {
        ByteString sealed = transformer.seal(KEY, PLAIN);
        assertThatThrownBy(() -> transformer.open(
                        KEY, sealed.substring(0, transformer.prefix().size() + 5)))
                .isInstanceOf(GeneralSecurityException.class);
        if (!(transformer instanceof AesCbc)) {
            byte[] changed = sealed.toByteArray();
            changed[changed.length - 1] ^= 1;
            assertThatThrownBy(() -> transformer.open(KEY, ByteString.copyFrom(changed)))
                    .isInstanceOf(GeneralSecurityException.class);
        }
    }

    @Test
    void aValueOfGcmCannotBeMovedToAnotherKey() throws GeneralSecurityException {
        AesGcm gcm = new AesGcm("k", new byte[32]);
        ByteString sealed = gcm.seal(KEY, PLAIN);
        assertThatThrownBy(() -> gcm.open(ByteString.copyFromUtf8("/registry/secrets/other/s"), sealed))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void cbcIsFirstBlockAndPaddedText() throws GeneralSecurityException {
        byte[] value = new AesCbc("key1", new byte[32]).seal(KEY, PLAIN).toByteArray();
        int at = "k8s:enc:aescbc:v1:key1:".length();
        assertThat(new String(value, 0, at, StandardCharsets.UTF_8)).isEqualTo("k8s:enc:aescbc:v1:key1:");
        Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(new byte[32], "AES"), new IvParameterSpec(value, at, 16));
        assertThat(cipher.doFinal(value, at + 16, value.length - at - 16))
                .startsWith(PLAIN)
                .endsWith(3, 3, 3)
                .hasSize(16);
    }

    /** The example of NaCl's own test of its secretbox. */
    @Test
    void secretBoxIsThatOfNacl() {
        HexFormat hex = HexFormat.of();
        SecretBox box =
                new SecretBox("k", hex.parseHex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389"));
        byte[] sealed = box.seal(
                hex.parseHex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37"),
                hex.parseHex("be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a"
                        + "1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057"
                        + "e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040"
                        + "e082f937763848645e0705"));
        assertThat(hex.formatHex(sealed))
                .isEqualTo("f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4"
                        + "476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738"
                        + "b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de"
                        + "56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5");
    }

    @Test
    void rulesAreExactOrOfAGroupOrOfAll() throws Exception {
        String none = "[{identity: {}}]";
        String some = "[{secretbox: {keys: [{name: k, secret: " + "A".repeat(43) + "=}]}}]";
        Encryption encryption = open(file("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                  - resources: [secrets, pandas.example.com]
                    providers: %s
                  - resources: [configmaps]
                    providers: %s
                  - resources: ["*.apps"]
                    providers: %s
                """.formatted(some, none, some)));
        assertThat(form(encryption, "secrets/default/a")).startsWith("k8s:enc:secretbox:v1:k:");
        assertThat(form(encryption, "example.com/pandas/default/a")).startsWith("k8s:enc:");
        assertThat(form(encryption, "example.com/bears/default/a")).isEqualTo("x");
        assertThat(form(encryption, "deployments/default/a")).startsWith("k8s:enc:");
        assertThat(form(encryption, "configmaps/default/a")).isEqualTo("x");
        assertThat(form(encryption, "masterleases/10.0.0.1")).isEqualTo("x");
        Encryption all = open(file("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                  - resources: [services]
                    providers: %s
                  - resources: ["*.*"]
                    providers: %s
                """.formatted(none, some)));
        assertThat(form(all, "services/specs/default/a")).isEqualTo("x");
        assertThat(form(all, "services/endpoints/default/a")).startsWith("k8s:enc:");
        assertThat(form(all, "minions/a")).startsWith("k8s:enc:");
    }

    private static String form(Encryption encryption, String key) {
        return encryption
                .seal(ByteString.copyFromUtf8("/registry/" + key), ByteString.copyFromUtf8("x"))
                .toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void filesThatCannotBeUsedAreRefused() throws Exception {
        String good = """
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                  - resources: [secrets]
                    providers: [{aescbc: {keys: [{name: k, secret: AAAAAAAAAAAAAAAAAAAAAA==}]}}, {identity: {}}]
                """;
        assertThat(open(file(good))).isNotNull();
        assertRefused(good.replace("AAAAAAAAAAAAAAAAAAAAAA==", "AAAA"), "has 3 bytes");
        assertRefused(good.replace("AAAAAAAAAAAAAAAAAAAAAA==", "?"), "secrets must be base64 encoded");
        assertRefused(good.replace("{identity: {}}", "{kms: {name: x, endpoint: y}}"), "KMSv1 is deprecated");
        assertRefused(good.replace("{identity: {}}", "{}"), "does not contain any of the expected providers");
        assertRefused(good.replace("aescbc:", "aescbd:"), "aescbd");
        assertRefused(good.replace("[secrets]", "[\"*\"]"), "use '*.' to encrypt");
    }

    private void assertRefused(String text, String why) throws Exception {
        Path file = file(text);
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
    }

    private static Encryption open(Path file) {
        return Encryption.open(file, new Metrics(), SystemRuntime.instance());
    }

    private Path file(String text) throws Exception {
        return Files.writeString(folder.resolve("encryption.yaml"), text);
    }
}
