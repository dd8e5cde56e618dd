package io.jollyboat.apiserver.encryption;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** An {@code EncryptionConfiguration}: which resources are written how, and what can be read. */
record EncryptionFile(String apiVersion, String kind, Map<String, String> metadata, List<Rule> resources) {
    EncryptionFile {
        if (!apiVersion.equals("apiserver.config.k8s.io/v1") || !kind.equals("EncryptionConfiguration")) {
            throw new IllegalArgumentException(
                    "apiVersion: must be apiserver.config.k8s.io/v1, and kind EncryptionConfiguration; found "
                            + apiVersion + ", " + kind);
        }
        if (resources.isEmpty()) {
            throw new IllegalArgumentException("resources: Required value: at least one resource is required");
        }
        Set<String> names = new HashSet<>();
        resources.stream()
                .flatMap(rule -> rule.providers().stream())
                .flatMap(provider -> provider.kms().stream())
                .forEach(plugin -> {
                    if (!names.add(plugin.called())) {
                        throw new IllegalArgumentException("resources: Invalid value: \"" + plugin.called()
                                + "\": duplicate KMS provider name " + plugin.called() + ", names must be unique");
                    }
                });
    }

    /** @param resources such as {@code secrets}, {@code deployments.apps}, {@code *.apps}, {@code *.} or {@code *.*} */
    record Rule(List<String> resources, List<Provider> providers) {
        Rule {
            if (resources.isEmpty() || providers.isEmpty()) {
                throw new IllegalArgumentException("providers: they and resources must not be empty");
            }
            for (String resource : resources) {
                if (resource.equals("*")) {
                    throw new IllegalArgumentException(
                            "resources: Invalid value: \"*\": use '*.' to encrypt all the resources from core API group"
                                    + " or *.* to encrypt all resources");
                }
            }
        }
    }

    /** Exactly one of them. */
    record Provider(
            Optional<Keys> aesgcm,
            Optional<Keys> aescbc,
            Optional<Keys> secretbox,
            Optional<Identity> identity,
            Optional<KmsPlugin> kms) {
        Provider {
            long set = List.<Optional<?>>of(aesgcm, aescbc, secretbox, identity, kms).stream()
                    .filter(Optional::isPresent)
                    .count();
            if (set == 0) {
                throw new IllegalArgumentException("provider does not contain any of the expected providers: KMS,"
                        + " AESGCM, AESCBC, Secretbox, Identity");
            }
            if (set > 1) {
                throw new IllegalArgumentException("more than one provider specified in a single element, should split"
                        + " into different list elements");
            }
            aesgcm.ifPresent(keys -> keys.check("aesgcm", Set.of(16, 24, 32)));
            aescbc.ifPresent(keys -> keys.check("aescbc", Set.of(16, 24, 32)));
            secretbox.ifPresent(keys -> keys.check("secretbox", Set.of(32)));
        }

        /** @param plugins makes what talks to a plugin, or gives what does already */
        List<Transformer> transformers(Function<KmsPlugin, Transformer> plugins) {
            List<Transformer> all = new ArrayList<>();
            aesgcm.ifPresent(keys -> keys.keys().forEach(key -> all.add(new AesGcm(key.name(), key.bytes()))));
            aescbc.ifPresent(keys -> keys.keys().forEach(key -> all.add(new AesCbc(key.name(), key.bytes()))));
            secretbox.ifPresent(keys -> keys.keys().forEach(key -> all.add(new SecretBox(key.name(), key.bytes()))));
            kms.ifPresent(plugin -> all.add(plugins.apply(plugin)));
            identity.ifPresent(ignored -> all.add(new PlainForm()));
            return all;
        }
    }

    /**
     * A key management service's plugin.
     *
     * @param endpoint its socket, such as {@code unix:///run/kms.sock}
     * @param cachesize known, so that what is said of it is upstream's
     */
    record KmsPlugin(
            Optional<String> apiVersion,
            Optional<String> name,
            Optional<Integer> cachesize,
            Optional<String> endpoint,
            Optional<Duration> timeout) {
        private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(3);

        KmsPlugin {
            List<String> errors = new ArrayList<>();
            String version = apiVersion.orElse("v1");
            String called = name.orElse("");
            if (called.isEmpty()) {
                errors.add("name: Required value: name is a mandatory field for a provider");
            } else if (called.contains(":")) {
                errors.add("name: Invalid value: \"" + called + "\": invalid KMS provider name " + called
                        + ", must not contain ':'");
            }
            if (timeout.isPresent() && !timeout.get().isPositive()) {
                errors.add("timeout: Invalid value: timeout should be a positive value");
            }
            String socket = endpoint.orElse("");
            if (socket.isEmpty()) {
                errors.add("endpoint: Invalid value: \"\": endpoint is a mandatory field for a kms");
            } else if (!socket.startsWith("unix:///")) {
                errors.add("endpoint: Invalid value: \"" + socket + "\": unsupported scheme for KMS provider, only unix"
                        + " is supported, as in unix:///run/kms.sock");
            }
            if (cachesize.isPresent() && !version.equals("v1")) {
                errors.add("cachesize: Invalid value: " + cachesize.get() + ": cachesize is not supported in v2");
            }
            if (version.equals("v1")) {
                errors.add("apiVersion: KMSv1 is deprecated and will only receive security updates going forward. Use"
                        + " KMSv2 instead");
            } else if (!version.equals("v2")) {
                errors.add("apiVersion: Invalid value: \"" + version
                        + "\": unsupported apiVersion for KMS provider, only v1 and v2 are supported");
            }
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", errors));
            }
        }

        String called() {
            return name.orElseThrow();
        }

        Path socket() {
            return Path.of(endpoint.orElseThrow().substring("unix://".length()));
        }

        /** How long an answer may take. */
        Duration patience() {
            return timeout.orElse(USUAL_TIMEOUT);
        }
    }

    /** What is not encrypted. */
    record Identity() {}

    /** The first writes, all read. */
    record Keys(List<Key> keys) {
        void check(String provider, Set<Integer> lengths) {
            if (keys.isEmpty()) {
                throw new IllegalArgumentException(provider + ".keys: Required value: at least one key is required");
            }
            Set<String> names = new HashSet<>();
            for (Key key : keys) {
                if (key.name().isEmpty() || key.name().contains(":") || !names.add(key.name())) {
                    throw new IllegalArgumentException(provider + ".keys.name: \"" + key.name()
                            + "\" must be set, without a colon, and once only");
                }
                if (!lengths.contains(key.bytes().length)) {
                    throw new IllegalArgumentException(provider + ".keys.secret: the key " + key.name() + " has "
                            + key.bytes().length + " bytes, expected "
                            + lengths.stream().sorted().toList());
                }
            }
        }
    }

    /** @param secret in base64 */
    record Key(String name, String secret) {
        Key {
            try {
                Base64.getDecoder().decode(secret);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("secret: secrets must be base64 encoded", e);
            }
        }

        byte[] bytes() {
            return Base64.getDecoder().decode(secret);
        }

        /** Never the secret. */
        @Override
        public String toString() {
            return "Key[name=" + name + "]";
        }
    }
}
