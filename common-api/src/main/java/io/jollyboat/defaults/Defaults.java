package io.jollyboat.defaults;

import com.google.protobuf.Message;

/** Fills in what an object leaves out, as upstream does when it decodes one. */
public final class Defaults {
    private Defaults() {}

    /** The object with its defaults; the same instance where it has them all. */
    @SuppressWarnings("unchecked")
    public static <T extends Message> T apply(T object) {
        return (T) DefaultPlan.of(object.getDescriptorForType()).apply(object);
    }
}
