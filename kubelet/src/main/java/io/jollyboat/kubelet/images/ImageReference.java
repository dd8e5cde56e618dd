package io.jollyboat.kubelet.images;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An image's name as written in pod specs, in its full form.
 *
 * @param registry such as {@code docker.io} or {@code localhost:5000}
 * @param repository with registry, without tag and digest
 * @param full with registry and tag or digest
 */
record ImageReference(String registry, String repository, String full) {
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern PATH = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final Pattern TAG = Pattern.compile("[\\w][\\w.-]{0,127}");
    private static final Pattern DIGEST =
            Pattern.compile("[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}");
    private static final Pattern REGISTRY = Pattern.compile(
            "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?");

    /** IllegalArgumentException with upstream's words when it is no image name. */
    static ImageReference parse(String image) {
        if (image.matches("[a-f0-9]{64}")) {
            throw new IllegalArgumentException(
                    "invalid repository name (" + image + "), cannot specify 64-byte hexadecimal strings");
        }
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean named = first.contains(".")
                || first.contains(":")
                || first.equals("localhost")
                || !first.toLowerCase(Locale.ROOT).equals(first);
        String registry = named ? first : "docker.io";
        if (registry.equals("index.docker.io")) {
            registry = "docker.io";
        }
        String rest = named ? image.substring(slash + 1) : image;
        if (registry.equals("docker.io") && !rest.contains("/")) {
            rest = "library/" + rest;
        }
        int at = rest.indexOf('@');
        String digest = at < 0 ? "" : rest.substring(at + 1);
        String nameAndTag = at < 0 ? rest : rest.substring(0, at);
        int colon = nameAndTag.indexOf(':');
        String name = colon < 0 ? nameAndTag : nameAndTag.substring(0, colon);
        String tag = colon < 0 ? "" : nameAndTag.substring(colon + 1);
        if (!name.toLowerCase(Locale.ROOT).equals(name)) {
            throw new IllegalArgumentException(
                    "invalid reference format: repository name (" + name + ") must be lowercase");
        }
        boolean valid = REGISTRY.matcher(registry).matches()
                && PATH.matcher(name).matches()
                && (colon < 0 || TAG.matcher(tag).matches())
                && (at < 0 || DIGEST.matcher(digest).matches());
        if (!valid) {
            throw new IllegalArgumentException("invalid reference format");
        }
        String suffix =
                at >= 0 ? (tag.isEmpty() ? "" : ":" + tag) + "@" + digest : ":" + (tag.isEmpty() ? "latest" : tag);
        return new ImageReference(registry, registry + "/" + name, registry + "/" + name + suffix);
    }

    /** As written, with the default tag where none was: what upstream asks the runtime for. */
    static String withTag(String image) {
        parse(image);
        String last = image.substring(image.lastIndexOf('/') + 1);
        return last.contains(":") || last.contains("@") ? image : image + ":latest";
    }
}
