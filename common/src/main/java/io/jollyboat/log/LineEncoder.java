package io.jollyboat.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * One record, one line: time, level, class, message, {@code key=value …}. An exception is two more pairs, its texts and
 * the top of its stack, so that a record can be found and counted with grep.
 */
final class LineEncoder extends EncoderBase<ILoggingEvent> {
    private static final int MAX_FRAMES = 16;
    private static final int MAX_CAUSES = 4;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append(event.getLevel()).append(' ');
        String logger = event.getLoggerName();
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(": ");
        appendEscaped(line, event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                appendPair(line, pair.key, String.valueOf(pair.value));
            }
        }
        if (event.getThrowableProxy() != null) {
            appendError(line, event.getThrowableProxy());
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void appendError(StringBuilder line, IThrowableProxy error) {
        StringBuilder texts = new StringBuilder();
        StringBuilder frames = new StringBuilder();
        int causes = 0;
        for (IThrowableProxy e = error; e != null && causes < MAX_CAUSES; e = e.getCause(), causes++) {
            texts.append(causes > 0 ? "; caused by " : "").append(e.getClassName());
            if (e.getMessage() != null) {
                texts.append(": ").append(e.getMessage());
            }
            appendFrames(frames, e);
        }
        appendPair(line, "error", texts.toString());
        if (!frames.isEmpty()) {
            appendPair(line, "stack", frames.toString());
        }
    }

    private static void appendFrames(StringBuilder frames, IThrowableProxy error) {
        StackTraceElementProxy[] stack = error.getStackTraceElementProxyArray();
        int count = Math.min(stack == null ? 0 : stack.length - error.getCommonFrames(), MAX_FRAMES);
        for (int i = 0; i < count; i++) {
            StackTraceElement frame = stack[i].getStackTraceElement();
            String className = frame.getClassName();
            frames.append(frames.isEmpty() ? "" : i == 0 ? " << " : " < ")
                    .append(className, className.lastIndexOf('.') + 1, className.length())
                    .append('.')
                    .append(frame.getMethodName())
                    .append(':')
                    .append(frame.getLineNumber());
        }
    }

    private static void appendPair(StringBuilder line, String key, String value) {
        line.append(' ').append(key).append('=');
        if (!value.isEmpty() && value.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '=' || c == 127)) {
            line.append(value);
            return;
        }
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\');
            }
            appendVisible(line, c);
        }
        line.append('"');
    }

    private static void appendEscaped(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            appendVisible(line, text.charAt(i));
        }
    }

    private static void appendVisible(StringBuilder line, char c) {
        if (c == '\n') {
            line.append("\\n");
        } else if (c < ' ' || c == 127) {
            line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        } else {
            line.append(c);
        }
    }
}
