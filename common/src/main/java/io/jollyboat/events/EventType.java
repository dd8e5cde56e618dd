package io.jollyboat.events;

/** How bad it is. */
public enum EventType {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String text;

    EventType(String text) {
        this.text = text;
    }

    /** As it stands in the event. */
    public String text() {
        return text;
    }
}
