package io.jollyboat.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/** Found by Logback through the service loader, instead of a logback.xml. */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
    private static final String LEVELS_VARIABLE = "JOLLY_LOG";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        LineEncoder encoder = new LineEncoder();
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger("ROOT").addAppender(appender);
        LogLevels.apply(context, LogLevels.DEFAULT);
        String levels = System.getenv(LEVELS_VARIABLE);
        if (levels != null && !levels.isBlank()) {
            try {
                LogLevels.apply(context, levels);
            } catch (IllegalArgumentException e) {
                addWarn(LEVELS_VARIABLE + ": " + e.getMessage());
            }
        }
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
