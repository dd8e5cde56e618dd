package io.jollyboat.log;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Sends what libraries log through java.util.logging, gRPC above all, the way of all other records. */
public final class JavaLogging {
    private static final SimpleFormatter TEXTS = new SimpleFormatter();

    private JavaLogging() {}

    /** For a process's start. Warnings and worse only: the levels below are costly to make and seldom read. */
    public static void redirect() {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new Redirect());
    }

    private static final class Redirect extends Handler {
        @Override
        public void publish(LogRecord record) {
            String name = record.getLoggerName() == null ? "java.util.logging" : record.getLoggerName();
            var event = LoggerFactory.getLogger(name)
                    .atLevel(
                            record.getLevel().intValue() >= Level.SEVERE.intValue()
                                    ? org.slf4j.event.Level.ERROR
                                    : org.slf4j.event.Level.WARN);
            event.setCause(record.getThrown()).log(TEXTS.formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
