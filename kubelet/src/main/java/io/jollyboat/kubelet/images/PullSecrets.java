package io.jollyboat.kubelet.images;

import io.jollyboat.api.core.v1.LocalObjectReference;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.cri.v1.AuthConfig;
import io.jollyboat.kubelet.objects.ReferencedObjects;
import io.jollyboat.log.Log;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Credentials for registries out of a pod's image pull secrets. */
final class PullSecrets {
    private static final Log LOG = Log.of(PullSecrets.class);

    private final ReferencedObjects objects;

    PullSecrets(ReferencedObjects objects) {
        this.objects = objects;
    }

    /** Those whose registry is the image's, in the secrets' order. */
    List<AuthConfig> matching(Pod pod, String image) {
        if (pod.getSpec().getImagePullSecretsCount() == 0) {
            return List.of();
        }
        ImageReference reference = ImageReference.parse(image);
        List<AuthConfig> found = new ArrayList<>();
        for (LocalObjectReference secret : pod.getSpec().getImagePullSecretsList()) {
            objects.secret(pod, secret.getName()).ifPresent(s -> {
                for (String key : List.of(".dockerconfigjson", ".dockercfg")) {
                    if (s.containsData(key)) {
                        addAll(found, s.getDataOrThrow(key).toByteArray(), reference, secret.getName());
                    }
                }
            });
        }
        return found;
    }

    private static void addAll(List<AuthConfig> found, byte[] json, ImageReference image, String secret) {
        try {
            JsonNode root = JsonMapper.shared().readTree(json);
            JsonNode auths = root.has("auths") ? root.get("auths") : root;
            for (Map.Entry<String, JsonNode> entry : auths.properties()) {
                if (matches(entry.getKey(), image)) {
                    found.add(auth(entry.getValue()));
                }
            }
        } catch (JacksonException | IllegalArgumentException e) {
            LOG.warn("image pull secret is no docker configuration", "secret", secret, "error", e.getMessage());
        }
    }

    private static boolean matches(String address, ImageReference image) {
        String plain = address.replaceFirst("^https?://", "")
                .replaceFirst("/v[12]/?$", "")
                .replaceFirst("/$", "");
        if (plain.equals("index.docker.io") || plain.equals("registry-1.docker.io")) {
            plain = "docker.io";
        }
        return image.full().equals(plain) || image.full().startsWith(plain + "/");
    }

    private static AuthConfig auth(JsonNode entry) {
        String user = entry.path("username").asString("");
        String password = entry.path("password").asString("");
        String auth = entry.path("auth").asString("");
        if (!auth.isEmpty()) {
            String both = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            if (colon > 0) {
                user = both.substring(0, colon);
                password = both.substring(colon + 1);
            }
        }
        return AuthConfig.newBuilder().setUsername(user).setPassword(password).build();
    }
}
