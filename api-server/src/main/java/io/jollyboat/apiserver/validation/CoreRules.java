package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonDuplicates;
import io.jollyboat.values.Names;
import java.util.List;
import java.util.TreeSet;

/** The rules of configuration, service accounts and namespaces. */
final class CoreRules {
    private static final int DATA_LIMIT = 1024 * 1024;

    private CoreRules() {}

    static void configMap(Errors errors, ConfigMap map) {
        MetaRules.check(errors, map.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        long size = 0;
        for (String key : new TreeSet<>(map.getDataMap().keySet())) {
            errors.invalid("data[" + key + "]", key, Names.configMapKey(key));
            if (map.containsBinaryData(key)) {
                errors.invalid("data[" + key + "]", key, "duplicate of key present in binaryData");
            }
            size += map.getDataOrThrow(key).length();
        }
        for (String key : new TreeSet<>(map.getBinaryDataMap().keySet())) {
            errors.invalid("binaryData[" + key + "]", key, Names.configMapKey(key));
            size += map.getBinaryDataOrThrow(key).size();
        }
        if (size > DATA_LIMIT) {
            errors.tooLong("[]", DATA_LIMIT);
        }
    }

    static void configMapUpdate(Errors errors, ConfigMap map, ConfigMap old) {
        MetaRules.checkUpdate(errors, map.getMetadata(), old.getMetadata(), "metadata");
        if (old.getImmutable()) {
            if (!map.getImmutable()) {
                errors.forbidden("immutable", "field is immutable when `immutable` is set");
            }
            if (!map.getDataMap().equals(old.getDataMap())) {
                errors.forbidden("data", "field is immutable when `immutable` is set");
            }
            if (!map.getBinaryDataMap().equals(old.getBinaryDataMap())) {
                errors.forbidden("binaryData", "field is immutable when `immutable` is set");
            }
        }
        configMap(errors, map);
    }

    static void secret(Errors errors, Secret secret) {
        MetaRules.check(errors, secret.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        long size = 0;
        for (String key : new TreeSet<>(secret.getDataMap().keySet())) {
            errors.invalid("data[" + key + "]", key, Names.configMapKey(key));
            size += secret.getDataOrThrow(key).size();
        }
        if (size > DATA_LIMIT) {
            errors.tooLong("data", DATA_LIMIT);
        }
        switch (secret.getType()) {
            case "kubernetes.io/service-account-token" -> {
                if (secret.getMetadata()
                        .getAnnotationsOrDefault("kubernetes.io/service-account.name", "")
                        .isEmpty()) {
                    errors.required("metadata.annotations[kubernetes.io/service-account.name]");
                }
            }
            case "kubernetes.io/dockercfg" -> json(errors, secret, ".dockercfg");
            case "kubernetes.io/dockerconfigjson" -> json(errors, secret, ".dockerconfigjson");
            case "kubernetes.io/basic-auth" -> {
                if (!secret.containsData("username") && !secret.containsData("password")) {
                    errors.required("data[username]");
                    errors.required("data[password]");
                }
            }
            case "kubernetes.io/ssh-auth" -> {
                if (!secret.containsData("ssh-privatekey")
                        || secret.getDataOrThrow("ssh-privatekey").isEmpty()) {
                    errors.required("data[ssh-privatekey]");
                }
            }
            case "kubernetes.io/tls" -> {
                for (String key : List.of("tls.crt", "tls.key")) {
                    if (!secret.containsData(key)) {
                        errors.required("data[" + key + "]");
                    }
                }
            }
            default -> {
                // Other types are for their users to check.
            }
        }
    }

    private static void json(Errors errors, Secret secret, String key) {
        if (!secret.containsData(key)) {
            errors.required("data[" + key + "]");
            return;
        }
        try {
            JsonDuplicates.find(secret.getDataOrThrow(key).toByteArray());
        } catch (DecodeException e) {
            errors.invalid("data[" + key + "]", "<secret contents redacted>", e.getMessage());
        }
    }

    static void secretUpdate(Errors errors, Secret secret, Secret old) {
        MetaRules.checkUpdate(errors, secret.getMetadata(), old.getMetadata(), "metadata");
        errors.unchanged("type", secret.getType(), old.getType());
        if (old.getImmutable()) {
            if (!secret.getImmutable()) {
                errors.forbidden("immutable", "field is immutable when `immutable` is set");
            }
            if (!secret.getDataMap().equals(old.getDataMap())) {
                errors.forbidden("data", "field is immutable when `immutable` is set");
            }
        }
        secret(errors, secret);
    }

    static void serviceAccount(Errors errors, ServiceAccount account) {
        MetaRules.check(errors, account.getMetadata(), true, "metadata", Names::dns1123Subdomain);
    }
}
