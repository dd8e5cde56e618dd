package io.jollyboat.scheduler.framework;

import java.util.HashMap;
import java.util.Map;

/**
 * What plugins find out early in an attempt and use later in it. What PreFilter and PreScore write is shared by all pods
 * of a class: it must not be changed afterwards.
 */
public final class CycleState {
    private final CycleState shared;
    private final Map<Key<?>, Object> values = new HashMap<>();

    public CycleState() {
        this(null);
    }

    private CycleState(CycleState shared) {
        this.shared = shared;
    }

    /** For one pod of a class: reads through to the class's state, writes to its own. */
    public CycleState forPod() {
        return new CycleState(this);
    }

    public <T> void put(Key<T> key, T value) {
        values.put(key, value);
    }

    /** Null when nothing was put. */
    @SuppressWarnings("unchecked") // put has checked
    public <T> T get(Key<T> key) {
        Object value = values.get(key);
        return value == null && shared != null ? shared.get(key) : (T) value;
    }

    /** Names a value; compared by identity, so that no plugin meets another's. */
    @SuppressWarnings("UnusedTypeParameter") // says what get answers
    public static final class Key<T> {
        private final String name;

        public Key(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
