package io.jollyboat.controllers.objects;

import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds whose objects are stored, each resource in its preferred version. Custom resources will join them here. */
public final class ServedTypes {
    private static final Pattern VERSION = Pattern.compile("v([0-9]+)(?:(alpha|beta)([0-9]+))?");

    private ServedTypes() {}

    /** Those that can be listed, watched and deleted. */
    public static Collection<ResourceType<?>> deletable() {
        Map<String, ResourceType<?>> byResource = new LinkedHashMap<>();
        for (ResourceType<?> type : Kinds.builtIn().all()) {
            List<String> verbs = type.rules().getVerbsList();
            if (!type.rules().getNotServed() && verbs.containsAll(List.of("delete", "list", "watch"))) {
                byResource.merge(type.qualifiedResource(), type, ServedTypes::preferred);
            }
        }
        return List.copyOf(byResource.values());
    }

    private static ResourceType<?> preferred(ResourceType<?> a, ResourceType<?> b) {
        return Comparator.comparingInt(ServedTypes::rank).compare(a, b) >= 0 ? a : b;
    }

    /** Stable before beta before alpha, then the higher number. */
    private static int rank(ResourceType<?> type) {
        Matcher version = VERSION.matcher(type.version());
        if (!version.matches()) {
            return 0;
        }
        int stage = version.group(2) == null ? 3 : version.group(2).equals("beta") ? 2 : 1;
        int minor = version.group(3) == null ? 0 : Integer.parseInt(version.group(3));
        return stage * 10_000 + Integer.parseInt(version.group(1)) * 100 + minor;
    }
}
