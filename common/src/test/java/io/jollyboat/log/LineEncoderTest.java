package io.jollyboat.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class LineEncoderTest {
    private final LoggerContext context = new LoggerContext();

    private String encode(Throwable error, KeyValuePair... pairs) {
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("io.jollyboat.kubelet.PodLoop"), Level.INFO, "pod\nstarted", error, null);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
        for (KeyValuePair pair : pairs) {
            event.addKeyValuePair(pair);
        }
        return new String(new LineEncoder().encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void isOneLineOfPairs() {
        assertThat(encode(
                        null,
                        new KeyValuePair("key", "ns/a"),
                        new KeyValuePair("text", "a \"b\"\nc"),
                        new KeyValuePair("none", null),
                        new KeyValuePair("empty", "")))
                .isEqualTo("2026-01-02T03:04:05.006Z INFO PodLoop: pod\\nstarted key=ns/a text=\"a \\\"b\\\"\\nc\""
                        + " none=null empty=\"\"\n");
    }

    @Test
    void anExceptionStaysOnTheLine() {
        String line = encode(new IllegalStateException("outer", new RuntimeException("inner\nmost")));
        assertThat(line)
                .contains("error=\"java.lang.IllegalStateException: outer; caused by java.lang.RuntimeException: inner")
                .contains("stack=\"LineEncoderTest.anExceptionStaysOnTheLine:");
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    }

    @Test
    void levelsAreSetByName() {
        LogLevels.apply(context, "warn, io.jollyboat.client=debug");
        assertThat(context.getLogger("io.jollyboat.kubelet").getEffectiveLevel())
                .isEqualTo(Level.WARN);
        assertThat(context.getLogger("io.jollyboat.client.ApiChannel").getEffectiveLevel())
                .isEqualTo(Level.DEBUG);
        assertThatThrownBy(() -> LogLevels.apply(context, "loud")).hasMessageContaining("\"loud\"");
    }

    @Test
    void librariesThatUseJavaLoggingSpeakHereToo() {
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        seen.start();
        Logger logger = (Logger) LoggerFactory.getLogger("io.test.library");
        logger.addAppender(seen);
        JavaLogging.redirect();
        java.util.logging.Logger library = java.util.logging.Logger.getLogger("io.test.library");
        library.log(java.util.logging.Level.SEVERE, "lost {0}", "channel");
        library.info("not worth a line");
        assertThat(seen.list).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).isEqualTo("lost channel");
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
        });
    }
}
