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
    private static final NamespacePolicy NONE =
            new NamespacePolicy(LevelVersion.PRIVILEGED, LevelVersion.PRIVILEGED, LevelVersion.PRIVILEGED, List.of());

    static NamespacePolicy of(Map<String, String> labels) {
        for (String label : labels.keySet()) {
            if (label.startsWith(PREFIX)) {
                return read(labels);
            }
        }
        return NONE;
    }

    private static NamespacePolicy read(Map<String, String> labels) {
        List<FieldError> errors = new ArrayList<>();
        LevelVersion enforce = read(labels, "enforce", Level.RESTRICTED, errors);
        boolean readable = Level.parse(labels.getOrDefault(PREFIX + "enforce", "")) != null;
        LevelVersion audit = read(labels, "audit", Level.PRIVILEGED, errors);
        LevelVersion warn = read(labels, "warn", Level.PRIVILEGED, errors);
        // Who enforces is warned of it too: of Deployments, whose pods would be refused.
        if (!labels.containsKey(PREFIX + "warn") && readable && enforce.level().compareTo(warn.level()) > 0) {
            warn = labels.containsKey(PREFIX + "warn-version") ? warn.withLevel(enforce.level()) : enforce;
        }
        return new NamespacePolicy(enforce, audit, warn, List.copyOf(errors));
    }

    private static LevelVersion read(
            Map<String, String> labels, String mode, Level unreadable, List<FieldError> errors) {
        LevelVersion result = LevelVersion.PRIVILEGED;
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

    boolean allowsAll() {
        return errors.isEmpty() && enforce.level() == Level.PRIVILEGED && warnsOfNothing();
    }

    /** Whether nothing is looked at but what is enforced. */
    boolean warnsOfNothing() {
        return errors.isEmpty() && audit.level() == Level.PRIVILEGED && warn.level() == Level.PRIVILEGED;
    }
}
