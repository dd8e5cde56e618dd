package io.jollyboat.kubelet.logs;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;

/**
 * One line of a CRI log.
 *
 * @param time as written
 * @param content with its line feed, unless the line is a part of a longer one
 */
record LogLine(String time, boolean stderr, ByteString content) {
    /** Null when the bytes are no such line. */
    static LogLine parse(byte[] bytes, int from, int to) {
        int afterTime = indexOf(bytes, from, to);
        int afterStream = afterTime < 0 ? -1 : indexOf(bytes, afterTime + 1, to);
        if (afterStream < afterTime + 5 || afterStream + 2 > to) {
            return null;
        }
        int afterTag = indexOf(bytes, afterStream + 1, to);
        int textFrom = afterTag < 0 ? to : afterTag + 1;
        boolean partial = bytes[afterStream + 1] == 'P';
        byte[] content = Arrays.copyOfRange(bytes, textFrom, partial ? to : to + 1);
        if (!partial) {
            content[content.length - 1] = '\n';
        }
        return new LogLine(
                new String(bytes, from, afterTime - from, StandardCharsets.US_ASCII),
                bytes[afterTime + 1 + "std".length()] == 'e',
                ByteString.copyFrom(content));
    }

    /** Instant.EPOCH when the time cannot be read. */
    Instant instant() {
        try {
            return OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private static int indexOf(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == ' ') {
                return i;
            }
        }
        return -1;
    }
}
