package io.jollyboat.apiserver.encryption;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /**
     * Exactly one of them.
     *
     * @param kms known, so that its absence is said clearly
     */
    record Provider(
            Optional<Keys> aesgcm,
            Optional<Keys> aescbc,
            Optional<Keys> secretbox,
            Optional<Identity> identity,
            Optional<Map<String, String>> kms) {
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
            if (kms.isPresent()) {
                throw new IllegalArgumentException(
                        "kms: this server cannot ask a key management service; aescbc, aesgcm, secretbox and identity"
                                + " are there");
            }
            aesgcm.ifPresent(keys -> keys.check("aesgcm", Set.of(16, 24, 32)));
            aescbc.ifPresent(keys -> keys.check("aescbc", Set.of(16, 24, 32)));
            secretbox.ifPresent(keys -> keys.check("secretbox", Set.of(32)));
        }

        List<Transformer> transformers() {
            List<Transformer> all = new ArrayList<>();
            aesgcm.ifPresent(keys -> keys.keys().forEach(key -> all.add(new AesGcm(key.name(), key.bytes()))));
            aescbc.ifPresent(keys -> keys.keys().forEach(key -> all.add(new AesCbc(key.name(), key.bytes()))));
            secretbox.ifPresent(keys -> keys.keys().forEach(key -> all.add(new SecretBox(key.name(), key.bytes()))));
            identity.ifPresent(ignored -> all.add(new PlainForm()));
            return all;
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
