package io.jollyboat.proxy.nftables;

/**
 * One element of a named map or set.
 *
 * @param value empty in a set
 */
record Element(Slot slot, String value) {
    /** As nft reads it. */
    String text() {
        return value.isEmpty() ? slot.key() : slot.key() + " : " + value;
    }

    /** What there can be only one of. */
    record Slot(NftSet set, String key) {}
}
