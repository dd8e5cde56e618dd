package io.jollyboat.apiserver.admission.podsecurity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A level as it stood in one version of Kubernetes.
 *
 * @param minor of version 1; {@link #LATEST} for whatever is newest
 */
record LevelVersion(Level level, int minor) {
    static final int LATEST = Integer.MAX_VALUE;
    static final LevelVersion PRIVILEGED = new LevelVersion(Level.PRIVILEGED, LATEST);

    private static final Pattern VERSION = Pattern.compile("v1\\.(0|[1-9][0-9]{0,8})");

    /** The minor version, -1 for what is no version. */
    static int parseVersion(String text) {
        if (text.equals("latest")) {
            return LATEST;
        }
        Matcher matcher = VERSION.matcher(text);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    LevelVersion withLevel(Level other) {
        return new LevelVersion(other, minor);
    }

    LevelVersion withVersion(int other) {
        return new LevelVersion(level, other);
    }

    @Override
    public String toString() {
        return level + ":" + (minor == LATEST ? "latest" : "v1." + minor);
    }
}
