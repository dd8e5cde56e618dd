package io.jollyboat.controllers.objects;

import io.jollyboat.api.core.v1.PodTemplateSpec;
import java.nio.charset.StandardCharsets;

/**
 * The name of a pod template: what upstream writes into the label {@code pod-template-hash}. Equal to upstream's for
 * equal templates, so that either control plane finds the other's ReplicaSets by name.
 */
public final class TemplateHash {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private TemplateHash() {}

    /** @param collisionCount null where the status has none */
    public static String of(PodTemplateSpec template, Integer collisionCount) {
        int sum = fnv(0x811c9dc5, print(template).getBytes(StandardCharsets.UTF_8));
        if (collisionCount != null) {
            byte[] count = new byte[8];
            for (int i = 0; i < 4; i++) {
                count[i] = (byte) (collisionCount >>> (8 * i));
            }
            sum = fnv(sum, count);
        }
        return safeEncode(Integer.toUnsignedString(sum));
    }

    static String print(PodTemplateSpec template) {
        return GoPrint.of(template, "v1.PodTemplateSpec", GoLayout.podTemplate());
    }

    /** FNV-1a, 32 bits. */
    private static int fnv(int start, byte[] bytes) {
        int sum = start;
        for (byte b : bytes) {
            sum ^= b & 0xff;
            sum *= 0x01000193;
        }
        return sum;
    }

    /** Replaces each character by one that cannot form a word. */
    public static String safeEncode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            encoded.append(ALPHABET.charAt(text.charAt(i) % ALPHABET.length()));
        }
        return encoded.toString();
    }
}
