package io.jollyboat.kubelet.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** The end of a container's log. */
public final class LogTail {
    private LogTail() {}

    /** The text of the last lines, no longer than this; what cannot be read is empty. */
    public static String of(Path file, int maxLines, int maxBytes) {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            // A line's time and stream take about 40 bytes.
            long from = Math.max(0, in.length() - maxBytes - 64L * maxLines);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            return text(bytes, maxLines, maxBytes);
        } catch (IOException e) {
            return "";
        }
    }

    private static String text(byte[] bytes, int maxLines, int maxBytes) {
        Deque<LogLine> lines = new ArrayDeque<>();
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                LogLine line = LogLine.parse(bytes, begin, i);
                if (line != null) {
                    lines.add(line);
                }
                if (lines.size() > maxLines) {
                    lines.remove();
                }
                begin = i + 1;
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        lines.forEach(line -> out.writeBytes(line.content().toByteArray()));
        byte[] all = out.toByteArray();
        int start = Math.max(0, all.length - maxBytes);
        return new String(all, start, all.length - start, StandardCharsets.UTF_8);
    }
}
