package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jollyboat.config.ConfigException;
import io.jollyboat.config.ConfigLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that an administrator gives the server, damaged; see ParsersFuzzTest. */
class ConfigFilesFuzzTest {
    private static final Path FILE = Path.of("/nowhere/config.yaml");

    private static final List<Class<? extends Record>> TYPES = List.of(
            type("encryption.EncryptionFile"),
            type("audit.AuditPolicy"),
            type("authn.oidc.AuthenticationConfiguration"),
            type("authz.AuthorizationConfiguration"),
            type("admission.podsecurity.PodSecurityConfiguration"),
            type("AdmissionConfiguration"),
            type("ApiServerConfig"));

    private static Class<? extends Record> type(String name) {
        try {
            return Class.forName("io.jollyboat.apiserver." + name).asSubclass(Record.class);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @DictionaryEntries({
        "apiVersion: apiserver.config.k8s.io/v1\n",
        "kind: EncryptionConfiguration\n",
        "resources:\n- resources: [secrets]\n  providers:\n  - ",
        "aescbc: {keys: [{name: a, secret: ",
        "MDEyMzQ1Njc4OWFiY2RlZg==",
        "identity: {}\n",
        "kind: Policy\n",
        "rules:\n- level: Metadata\n",
        "jwt:\n- issuer: {url: 'https://a', audiences: [b]}\n",
        "  claimMappings: {username: {claim: sub, prefix: ''}}\n",
        "authorizers:\n- type: Webhook\n",
        "defaults: {enforce: baseline, enforce-version: v1.30}\n",
        "exemptions: {namespaces: [a]}\n",
        "timeout: 3s\n",
        "&a ",
        "*a",
        "<<: ",
        "- "
    })
    @FuzzTest(maxDuration = "3m")
    void files(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        for (Class<? extends Record> type : TYPES) {
            try {
                ConfigLoader.parse(text, FILE, type);
            } catch (ConfigException e) {
                assertThat(e.getMessage()).contains("/nowhere/config.yaml");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 100_000})
    void deepFilesAreRefused(int depth) {
        for (String text : List.of("resources: " + "[".repeat(depth) + "]".repeat(depth), "a: ".repeat(depth))) {
            assertThatThrownBy(() -> ConfigLoader.parse(text, FILE, TYPES.getFirst()))
                    .isInstanceOf(ConfigException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"resources: &a [*a]", "&a resources: *a", "resources: &a {providers: *a}", "<<: *a", "? {}\n: 1"
            })
    void oddFilesAreRefused(String text) {
        assertThatThrownBy(() -> ConfigLoader.parse(text, FILE, TYPES.getFirst()))
                .isInstanceOf(ConfigException.class);
    }
}
