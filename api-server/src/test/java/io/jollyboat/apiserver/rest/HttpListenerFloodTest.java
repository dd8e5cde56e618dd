package io.jollyboat.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the door does against clients that ask for much and take nothing. */
class HttpListenerFloodTest extends HttpListenerFixture {
    @Test
    void streamsAreAsManyAsUpstreamAllows() throws IOException {
        assertThat(DoorLimits.STANDARD.streams()).isEqualTo(100);
        listen(DoorLimits.STANDARD, HttpListenerFloodTest::ok);
        try (RawClient client = RawClient.http2(port)) {
            java.nio.ByteBuffer settings = client.await(RawClient.SETTINGS).payload();
            Map<Integer, Integer> values = new java.util.TreeMap<>();
            while (settings.hasRemaining()) {
                values.put((int) settings.getShort(), settings.getInt());
            }
            assertThat(values)
                    .containsEntry(3, 100)
                    .containsEntry(4, 256 * 1024)
                    .containsEntry(5, 256 * 1024);
            client.get(1);
            assertThat(client.await(RawClient.HEADERS).stream()).isEqualTo(1);
        }
    }

    @Test
    void streamsOpenedAndResetInHasteEndTheConnection() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger working = new AtomicInteger();
        listen(PATIENT, exchange -> {
            working.incrementAndGet();
            pause(go);
            ok(exchange);
        });
        try (RawClient client = RawClient.http2(port)) {
            RUNTIME.start("resets", () -> {
                try {
                    for (int i = 0; i < 2_000; i++) {
                        client.get(2 * i + 1);
                        client.frame(RawClient.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
                    }
                } catch (IOException e) {
                    assertThat(working).hasValueLessThanOrEqualTo(40);
                }
            });
            assertThat(client.await(RawClient.GOAWAY).error())
                    .as("ENHANCE_YOUR_CALM")
                    .isEqualTo(11);
            client.readToEnd();
            assertThat(working).as("four times the streams").hasValueLessThanOrEqualTo(40);
        } finally {
            go.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {RawClient.PING, RawClient.SETTINGS})
    void floodOfFramesThatWantAnswersEndsTheConnection(int type) throws IOException {
        listen(PATIENT, HttpListenerFloodTest::ok);
        try (RawClient client = RawClient.http2(port)) {
            byte[] frame = type == RawClient.PING ? new byte[17] : new byte[9];
            frame[2] = (byte) (frame.length - 9);
            frame[3] = (byte) type;
            byte[] thousand = new byte[frame.length * 1000];
            for (int i = 0; i < 1000; i++) {
                System.arraycopy(frame, 0, thousand, i * frame.length, frame.length);
            }
            // Nothing is read: the answers pile up at the server, which has a limit.
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 20_000; i++) {
                            client.send(thousand);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answerThatIsNotReadIsNotMade(boolean http2) throws IOException {
        AtomicLong written = new AtomicLong();
        CountDownLatch over = new CountDownLatch(1);
        listen(PATIENT, exchange -> {
            exchange.begin(200, "text/plain");
            try {
                while (exchange.write(new byte[64 * 1024])) {
                    written.addAndGet(64 * 1024);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            over.countDown();
        });
        AtomicLong last = new AtomicLong(-1);
        try (RawClient client = http2 ? RawClient.http2(port) : RawClient.http1(port)) {
            if (http2) {
                client.get(1);
            } else {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            // The network's buffers fill, then it stands still.
            await().atMost(DEADLINE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> written.get() > 0 && last.getAndSet(written.get()) == written.get());
            assertThat(written).hasValueLessThan(32 << 20);
        }
        await().atMost(DEADLINE).until(() -> over.getCount() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answerThatIsNotFetchedIsForgotten(boolean http2) throws IOException {
        CountDownLatch gone = new CountDownLatch(1);
        listen(new DoorLimits(1 << 20, 10, LONG, LONG, LONG, LONG, SHORT, LONG), exchange -> {
            exchange.onGone(gone::countDown);
            exchange.reply(Reply.text(200, "x".repeat(20 << 20)));
        });
        try (RawClient client = http2 ? RawClient.http2(port) : RawClient.http1(port)) {
            if (http2) {
                client.get(1);
            } else {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            await().atMost(DEADLINE).until(() -> gone.getCount() == 0);
        }
    }

    @Test
    void renegotiationIsRefused() throws IOException {
        listen(PATIENT, HttpListenerFloodTest::ok);
        try (RawClient client = RawClient.tls(port, "http/1.1", "TLSv1.2")) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
            assertThatThrownBy(client::negotiateAgain).isInstanceOf(IOException.class);
        }
    }
}
