package io.jollyboat.client;

/** Which objects of a collection; both in upstream's string form, empty for all. */
public record Selection(String labelSelector, String fieldSelector) {
    public static final Selection ALL = new Selection("", "");

    public static Selection fields(String fieldSelector) {
        return new Selection("", fieldSelector);
    }

    public static Selection labels(String labelSelector) {
        return new Selection(labelSelector, "");
    }
}
