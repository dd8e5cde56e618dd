package io.jollyboat.apiserver.admission.podsecurity;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One thing that a level forbids, as it was from version to version.
 *
 * @param id upstream's; checks of a level run in the order of their ids
 * @param versions the oldest first
 */
record Check(String id, Level level, List<Since> versions) {
    /** Looks at a pod; empty when there is nothing wrong. */
    @FunctionalInterface
    interface Rule {
        Optional<Violation> look(PodView pod);
    }

    /**
     * @param minor the first version of Kubernetes that the rule holds for
     * @param replaces the id of the baseline check that this one includes; empty for none
     */
    record Since(int minor, String replaces, Rule rule) {
        Since(int minor, Rule rule) {
            this(minor, "", rule);
        }
    }

    static Check baseline(String id, Since... versions) {
        return new Check(id, Level.BASELINE, Arrays.asList(versions));
    }

    static Check restricted(String id, Since... versions) {
        return new Check(id, Level.RESTRICTED, Arrays.asList(versions));
    }

    /** The rule of that version, null when there was none yet. */
    Since at(int minor) {
        Since found = null;
        for (Since version : versions) {
            if (version.minor() <= minor) {
                found = version;
            }
        }
        return found;
    }

    static Optional<Violation> none() {
        return Optional.empty();
    }

    static Optional<Violation> found(String reason, String detail) {
        return Optional.of(new Violation(reason, detail));
    }
}
