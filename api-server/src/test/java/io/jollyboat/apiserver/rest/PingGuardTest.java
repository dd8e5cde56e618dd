package io.jollyboat.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2PingFrame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PingGuardTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new PingGuard());

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runPendingTasks();
    }

    private Object written() {
        return channel.readOutbound();
    }

    @Test
    void aClientThatVanishedIsAskedAndThenGone() {
        channel.writeOutbound("event");
        assertThat(written()).isEqualTo("event");
        pass(PingGuard.SILENCE);
        assertThat(written()).isInstanceOf(Http2PingFrame.class);
        assertThat(channel.isActive()).isTrue();
        pass(PingGuard.PATIENCE);
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void aClientThatAnswersIsLeftAlone() {
        for (int i = 0; i < 3; i++) {
            channel.writeOutbound("event");
            assertThat(written()).isEqualTo("event");
            pass(PingGuard.SILENCE);
            assertThat(written()).isInstanceOf(Http2PingFrame.class);
            channel.writeInbound("answer");
            pass(PingGuard.PATIENCE);
            assertThat(channel.isActive()).isTrue();
        }
    }

    @Test
    void whoSpeaksIsNotAsked() {
        channel.writeOutbound("event");
        assertThat(written()).isEqualTo("event");
        channel.writeInbound("something");
        pass(PingGuard.SILENCE.plus(PingGuard.PATIENCE));
        assertThat(written()).isNull();
    }

    @Test
    void silenceCostsNothing() {
        pass(Duration.ofHours(1));
        assertThat(written()).isNull();
        assertThat(channel.isActive()).isTrue();
    }
}
