package io.jollyboat.apiserver.admission.podsecurity;

import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a namespace's labels ask for. Labels that cannot be read count as the strictest for enforcement, and as none for
 * the other two.
 *
 * @param errors of the labels
 */
record NamespacePolicy(LevelVersion enforce, LevelVersion audit, LevelVersion warn, List<FieldError> errors) {
    static final String PREFIX = "pod-security.kubernetes.io/";

    /** @param defaults what holds as far as no label says otherwise */
    static NamespacePolicy of(Map<String, String> labels, NamespacePolicy defaults) {
        for (String label : labels.keySet()) {
            if (label.startsWith(PREFIX)) {
                return read(labels, defaults);
            }
        }
        return defaults;
    }

    private static NamespacePolicy read(Map<String, String> labels, NamespacePolicy defaults) {
        List<FieldError> errors = new ArrayList<>();
        LevelVersion enforce = read(labels, "enforce", defaults.enforce, Level.RESTRICTED, errors);
        boolean readable = Level.parse(labels.getOrDefault(PREFIX + "enforce", "")) != null;
        LevelVersion audit = read(labels, "audit", defaults.audit, Level.PRIVILEGED, errors);
        LevelVersion warn = read(labels, "warn", defaults.warn, Level.PRIVILEGED, errors);
        // Who enforces is warned of it too: of Deployments, whose pods would be refused.
        if (!labels.containsKey(PREFIX + "warn") && readable && enforce.level().compareTo(warn.level()) > 0) {
            warn = labels.containsKey(PREFIX + "warn-version") ? warn.withLevel(enforce.level()) : enforce;
        }
        return new NamespacePolicy(enforce, audit, warn, List.copyOf(errors));
    }

    private static LevelVersion read(
            Map<String, String> labels,
            String mode,
            LevelVersion otherwise,
            Level unreadable,
            List<FieldError> errors) {
        LevelVersion result = otherwise;
        String level = labels.get(PREFIX + mode);
        if (level != null) {
            Level parsed = Level.parse(level);
            if (parsed == null) {
                errors.add(error(mode, level, "must be one of privileged, baseline, restricted"));
            }
            result = result.withLevel(parsed == null ? unreadable : parsed);
        }
        String version = labels.get(PREFIX + mode + "-version");
        if (version != null) {
            int parsed = LevelVersion.parseVersion(version);
            if (parsed < 0) {
                errors.add(error(mode + "-version", version, "must be \"latest\" or \"v1.x\""));
            } else {
                result = result.withVersion(parsed);
            }
        }
        return result;
    }

    private static FieldError error(String label, String value, String text) {
        return FieldError.invalid("metadata.labels[" + PREFIX + label + "]", value, text);
    }

    /** The modes that labels set and that hold anybody to anything, as warnings name them. */
    String named(Map<String, String> labels) {
        List<String> named = new ArrayList<>();
        name(labels, "enforce", enforce, named);
        name(labels, "audit", audit, named);
        name(labels, "warn", warn, named);
        return String.join(", ", named);
    }

    private static void name(Map<String, String> labels, String mode, LevelVersion level, List<String> named) {
        boolean set = labels.containsKey(PREFIX + mode) || labels.containsKey(PREFIX + mode + "-version");
        if (set && level.level() != Level.PRIVILEGED) {
            named.add(mode + "=" + level);
        }
    }

    boolean allowsAll() {
        return errors.isEmpty() && enforce.level() == Level.PRIVILEGED && warnsOfNothing();
    }

    /** Whether nothing is looked at but what is enforced. */
    boolean warnsOfNothing() {
        return errors.isEmpty() && audit.level() == Level.PRIVILEGED && warn.level() == Level.PRIVILEGED;
    }
}
