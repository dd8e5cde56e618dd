package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Whom a plugin asked about one write in its first run, and whom it asks again in the second: those who want it, when
 * somebody changed the object after them. Used by one thread.
 */
public final class Reinvocation {
    private final Set<Object> asked = new HashSet<>();
    private final Set<Object> again = new HashSet<>();
    private Message left;

    /** To be called first in each run. */
    public void begin(AdmissionRequest request, Message object) {
        if (request.context().reinvoking() && !Objects.equals(left, object)) {
            changed();
        }
    }

    /** To be called last in each run. */
    public void end(Message object) {
        left = object;
    }

    /** Whether that one is asked in this run. Who was not asked at first is not asked in the second run either. */
    public boolean isDue(AdmissionRequest request, Object key) {
        return !request.context().reinvoking() || again.contains(key);
    }

    /** Notes one who has been asked and wants to see later changes. */
    public void asked(Object key) {
        asked.add(key);
    }

    /** The object changed: all who were asked until now are to see it. */
    public void changed() {
        again.addAll(asked);
        asked.clear();
    }
}
