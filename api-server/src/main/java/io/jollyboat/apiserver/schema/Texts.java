package io.jollyboat.apiserver.schema;

import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/** Questions about characters. */
final class Texts {
    private Texts() {}

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static String without(String text, IntPredicate dropped) {
        StringBuilder kept = new StringBuilder();
        text.codePoints().filter(dropped.negate()).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    static boolean isAlphanumeric(char c) {
        return isLetter(c) || isDigit(c);
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isHex(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
