package io.jollyboat.apiserver.openapi;

import io.jollyboat.kinds.ResourceType;
import java.util.Locale;

/**
 * What an operation is done to.
 *
 * @param subresource or what else comes last in the operation's name; empty for the resource itself
 * @param kind of the body: {@code group/version.Kind}, or empty or without a dot for the resource's own
 */
record Target(ResourceType<?> type, String subresource, String kind) {
    private static final String OFFICIAL = ".k8s.io";

    String group() {
        return !hasOwnKind()
                ? type.group()
                : version().contains("/") ? version().replaceFirst("/.*", "") : "";
    }

    String bodyVersion() {
        return !hasOwnKind() ? type.version() : version().replaceFirst(".*/", "");
    }

    String bodyKind() {
        return hasOwnKind() ? kind.substring(kind.lastIndexOf('.') + 1) : type.kind();
    }

    private boolean hasOwnKind() {
        return kind.contains(".") && !type.isCustom();
    }

    private String version() {
        return kind.substring(0, kind.lastIndexOf('.'));
    }

    /** Such as {@code AppsV1}. */
    String versionName() {
        return capital(groupName(type.group())) + capital(type.version());
    }

    String tag() {
        return groupName(type.group()) + "_" + type.version();
    }

    /** {@code flowcontrolApiserver} for flowcontrol.apiserver.k8s.io. */
    static String groupName(String group) {
        if (group.isEmpty()) {
            return "core";
        }
        String bare = group.endsWith(OFFICIAL) ? group.substring(0, group.length() - OFFICIAL.length()) : group;
        StringBuilder name = new StringBuilder();
        for (String part : bare.split("[^A-Za-z0-9]+")) {
            name.append(name.isEmpty() ? part : capital(part));
        }
        return name.toString();
    }

    static String capital(String text) {
        return text.isEmpty() ? "" : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
