package io.jollyboat.kubelet.images;

import io.jollyboat.api.core.v1.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The credentials of a pod's image pull secrets, by where they hold. Not thread-safe. */
final class Keyring {
    private static final String DEFAULT_REGISTRY = "index.docker.io";

    /** Place, such as {@code quay.io/team}, to credentials; the more special of two places comes first. */
    private final TreeMap<String, List<Credential>> byPlace = new TreeMap<>(Collections.reverseOrder());

    /** IllegalArgumentException when the secret's docker configuration cannot be read. */
    void add(Secret secret) {
        Credential.Origin origin = new Credential.Origin(
                secret.getMetadata().getUid(),
                secret.getMetadata().getNamespace(),
                secret.getMetadata().getName());
        switch (secret.getType()) {
            case "kubernetes.io/dockerconfigjson" ->
                addAll(origin, read(secret, ".dockerconfigjson").path("auths"));
            case "kubernetes.io/dockercfg" -> addAll(origin, read(secret, ".dockercfg"));
            default -> {} // upstream passes over other types, too
        }
    }

    private static JsonNode read(Secret secret, String key) {
        byte[] json = secret.containsData(key) ? secret.getDataOrThrow(key).toByteArray() : new byte[0];
        try {
            return JsonMapper.shared().readTree(json.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "the secret \"" + secret.getMetadata().getName() + "\" holds no docker configuration: "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    private void addAll(Credential.Origin origin, JsonNode places) {
        for (Map.Entry<String, JsonNode> entry : places.properties()) {
            Credential credential = credential(origin, entry.getValue());
            String place = place(entry.getKey());
            if (place != null) {
                byPlace.computeIfAbsent(place, p -> new ArrayList<>()).add(credential);
            }
        }
    }

    /** Host and path; docker's clients write the version of the registry's API as a path. Null for what is no address. */
    private static String place(String address) {
        try {
            URI uri = URI.create(address.matches("https?://.*") ? address : "https://" + address);
            // not getHost: a pattern such as *.example.com is no host's name
            String path = uri.getRawPath() == null ? "" : uri.getRawPath();
            if (path.startsWith("/v1/") || path.startsWith("/v2/")) {
                path = path.substring(3);
            }
            return uri.getRawAuthority() + (path.equals("/") ? "" : path);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Credential credential(Credential.Origin origin, JsonNode entry) {
        String auth = entry.path("auth").asString("");
        if (auth.isEmpty()) {
            return new Credential(
                    entry.path("username").asString(""), entry.path("password").asString(""), origin);
        }
        String both = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
        int colon = both.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "unable to parse auth field, must be formatted as base64(username:password)");
        }
        return new Credential(both.substring(0, colon), both.substring(colon + 1), origin);
    }

    /** Those to try, in order. */
    List<Credential> lookup(ImageReference image) {
        List<Credential> found = new ArrayList<>();
        byPlace.forEach((place, credentials) -> {
            if (matches(place, image.repository())) {
                found.addAll(credentials);
            }
        });
        return found.isEmpty() && image.registry().equals("docker.io")
                ? byPlace.getOrDefault(DEFAULT_REGISTRY, List.of())
                : found;
    }

    /** Ports alike, as many labels, each label by pattern, and the path's beginning. */
    private static boolean matches(String place, String repository) {
        int slash = place.indexOf('/');
        String[] wanted = hostAndPort(slash < 0 ? place : place.substring(0, slash));
        int imageSlash = repository.indexOf('/');
        String[] actual = hostAndPort(repository.substring(0, imageSlash));
        String path = slash < 0 ? "" : place.substring(slash);
        String[] patterns = wanted[0].split("\\.", -1);
        String[] labels = actual[0].split("\\.", -1);
        if (!wanted[1].equals(actual[1])
                || patterns.length != labels.length
                || !repository.substring(imageSlash).startsWith(path)) {
            return false;
        }
        for (int i = 0; i < labels.length; i++) {
            if (!glob(patterns[i]).matcher(labels[i]).matches()) {
                return false;
            }
        }
        return true;
    }

    private static String[] hostAndPort(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || authority.endsWith("]")
                ? new String[] {authority, ""}
                : new String[] {authority.substring(0, colon), authority.substring(colon + 1)};
    }

    private static Pattern glob(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString());
    }
}
