package io.jollyboat.apiserver.flow;

/**
 * Shuffle sharding: each flow has a hand of queues of its own, so that a flow that floods its queues leaves most other
 * flows at least one that is free.
 */
final class Hand {
    private Hand() {}

    /** Spread over all 64 bits. */
    static long hash(String schema, String distinguisher) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < schema.length(); i++) {
            hash = (hash ^ schema.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ 0xffff) * 0x100000001b3L;
        for (int i = 0; i < distinguisher.length(); i++) {
            hash = (hash ^ distinguisher.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }

    /** Distinct numbers below the deck's size, as many as the hand holds. */
    static int[] deal(long hash, int deck, int handSize) {
        int size = Math.min(handSize, deck);
        int[] hand = new int[size];
        long rest = hash >>> 1;
        for (int i = 0; i < size; i++) {
            int left = deck - i;
            int card = (int) (rest % left);
            rest /= left;
            // The card-th of those that are not dealt yet; those that are stand in order before i.
            int at = 0;
            while (at < i && card >= hand[at]) {
                card++;
                at++;
            }
            System.arraycopy(hand, at, hand, at + 1, i - at);
            hand[at] = card;
        }
        return hand;
    }
}
