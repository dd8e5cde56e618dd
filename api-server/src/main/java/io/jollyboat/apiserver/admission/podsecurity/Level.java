package io.jollyboat.apiserver.admission.podsecurity;

import java.util.Locale;

/** How strict a policy is, the most lenient first. */
enum Level {
    PRIVILEGED,
    BASELINE,
    RESTRICTED;

    /** Null for what is no level. */
    static Level parse(String text) {
        return switch (text) {
            case "privileged" -> PRIVILEGED;
            case "baseline" -> BASELINE;
            case "restricted" -> RESTRICTED;
            default -> null;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
