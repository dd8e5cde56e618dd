package io.jollyboat.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of a component's log, for whoever must mend it.
 *
 * @param start where this start's lines begin; what is older has nothing to do with it
 */
record LogTail(Path log, long start) {
    private static final int MAX_BYTES = 64 << 10;
    private static final int SHOWN = 5;
    private static final int MAX_WIDTH = 300;
    /** A stack's frames say where; the lines before them say what. */
    private static final Pattern FRAME =
            Pattern.compile("\\s+at .*|\\s+\\.\\.\\. \\d+ more|\\s+/.*\\.go:\\d+.*|goroutine .*");

    private static final Pattern JSON = Pattern.compile("\\{\"level\":\"(\\w+)\".*?\"msg\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern JSON_ERROR = Pattern.compile("\"error\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** One line with what the component said of itself, then the last lines of its log. */
    String describe(String name) {
        List<String> lines = lines();
        String own = name.replaceFirst("-node-\\d+$", "") + ": ";
        Optional<String> complaint = lines.stream()
                .filter(line -> line.startsWith(own)
                        || line.startsWith("panic: ")
                        || line.startsWith("fatal: ")
                        || line.startsWith("Error: "))
                .reduce((first, second) -> second);
        String last = lines.isEmpty() ? "it wrote nothing" : lines.getLast();
        StringBuilder text = new StringBuilder(name)
                .append(" cannot run: ")
                .append(complaint
                        .map(line -> line.startsWith(own) ? line.substring(own.length()) : line)
                        .orElse(last))
                .append(" (all of its log: ")
                .append(log)
                .append(')');
        lines.stream()
                .skip(Math.max(0, lines.size() - SHOWN))
                .forEach(line -> text.append("\n    ").append(line));
        return text.toString();
    }

    /** etcd writes JSON: what matters is the level, the message and the error. */
    private static String plain(String line) {
        Matcher json = JSON.matcher(line);
        if (!json.lookingAt()) {
            return line;
        }
        Matcher error = JSON_ERROR.matcher(line);
        return json.group(1) + ": " + json.group(2) + (error.find() ? ": " + error.group(1) : "");
    }

    private List<String> lines() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(Math.min(start, file.length()), file.length() - MAX_BYTES);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("run-forever:"))
                    .filter(line -> !FRAME.matcher(line).matches())
                    .map(LogTail::plain)
                    .map(line -> line.length() > MAX_WIDTH ? line.substring(0, MAX_WIDTH) + "…" : line)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
