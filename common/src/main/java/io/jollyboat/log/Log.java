package io.jollyboat.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A class's log. Messages are constants; what varies goes into pairs of key and value: {@code log.info("pod started",
 * "key", key, "node", node)}.
 */
public final class Log {
    private final Logger logger;

    private Log(Logger logger) {
        this.logger = logger;
    }

    public static Log of(Class<?> owner) {
        return new Log(LoggerFactory.getLogger(owner));
    }

    public boolean isDebugEnabled() {
        return logger.isDebugEnabled();
    }

    public void debug(String message, Object... pairs) {
        write(Level.DEBUG, message, null, pairs);
    }

    public void info(String message, Object... pairs) {
        write(Level.INFO, message, null, pairs);
    }

    public void warn(String message, Object... pairs) {
        write(Level.WARN, message, null, pairs);
    }

    public void warn(String message, Throwable error, Object... pairs) {
        write(Level.WARN, message, error, pairs);
    }

    public void error(String message, Object... pairs) {
        write(Level.ERROR, message, null, pairs);
    }

    public void error(String message, Throwable error, Object... pairs) {
        write(Level.ERROR, message, error, pairs);
    }

    private void write(Level level, String message, Throwable error, Object... pairs) {
        if (!logger.isEnabledForLevel(level)) {
            return;
        }
        LoggingEventBuilder event = logger.atLevel(level).setMessage(message).setCause(error);
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            event = event.addKeyValue(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        if (pairs.length % 2 != 0) {
            event = event.addKeyValue("unpaired", pairs[pairs.length - 1]);
        }
        event.log();
    }
}
