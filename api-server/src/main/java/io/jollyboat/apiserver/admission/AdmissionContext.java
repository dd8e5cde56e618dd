package io.jollyboat.apiserver.admission;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What plugins tell each other about one write while it is being completed. The chain is run a second time when somebody
 * who is not built in has changed the object; who runs again then knows it by {@link #reinvoking}. Used by one thread.
 */
public final class AdmissionContext {
    private boolean reinvoking;
    private boolean wanted;
    private Map<Object, Object> notes;

    /** Whether this is the second run. */
    public boolean reinvoking() {
        return reinvoking;
    }

    /** Asks for a second run of all completing plugins; there is one at most. */
    public void requestReinvocation() {
        wanted = true;
    }

    boolean reinvoke() {
        boolean again = wanted && !reinvoking;
        reinvoking = reinvoking || again;
        return again;
    }

    /** What a plugin keeps from its first run to its second. */
    @SuppressWarnings("unchecked") // the plugin put it there itself
    public <T> T note(AdmissionPlugin plugin, Supplier<T> first) {
        if (notes == null) {
            notes = new HashMap<>();
        }
        return (T) notes.computeIfAbsent(plugin, key -> first.get());
    }
}
