package io.jollyboat.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * How much is logged: a level for all, or levels by name prefix, such as {@code info,io.jollyboat.client=debug}. Set by
 * the environment's {@code JOLLY_LOG} or a component's configuration.
 */
public final class LogLevels {
    // gRPC sets TCP options on Unix sockets too, and Netty warns of each.
    static final String DEFAULT = "info,io.netty=warn,io.netty.bootstrap=error,io.grpc=warn,io.etcd=warn,io.vertx=warn";

    private LogLevels() {}

    /** @throws IllegalArgumentException when a level has no meaning; then nothing is changed */
    public static void set(String levels) {
        apply((LoggerContext) LoggerFactory.getILoggerFactory(), levels);
    }

    static void apply(LoggerContext context, String levels) {
        Map<String, Level> parsed = new LinkedHashMap<>();
        for (String entry : levels.split(",")) {
            int equals = entry.indexOf('=');
            String name = equals < 0 ? "ROOT" : entry.substring(0, equals).strip();
            String level = entry.substring(equals + 1).strip().toUpperCase(Locale.ROOT);
            Level known = Level.toLevel(level, null);
            if (known == null) {
                throw new IllegalArgumentException(
                        "unknown log level \"" + entry.strip() + "\"; use trace, debug, info, warn, error or off");
            }
            parsed.put(name, known);
        }
        parsed.forEach((name, level) -> context.getLogger(name).setLevel(level));
    }
}
