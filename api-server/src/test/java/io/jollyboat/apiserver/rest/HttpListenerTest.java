package io.jollyboat.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jollyboat.errors.ApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the door does with connections, heads and bodies that are late, too large or none. */
class HttpListenerTest extends HttpListenerFixture {
    @Test
    void handshakeThatNeverComesIsNotWaitedFor() throws IOException {
        listen(new DoorLimits(1 << 20, 10, SHORT, LONG, LONG, LONG, LONG, LONG), HttpListenerTest::ok);
        try (RawClient client = RawClient.plain(port)) {
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void connectionThatSaysNothingIsClosed(String protocol) throws IOException {
        listen(new DoorLimits(1 << 20, 10, LONG, SHORT, LONG, LONG, LONG, LONG), HttpListenerTest::ok);
        try (RawClient client = RawClient.tls(port, protocol)) {
            client.readToEnd();
        }
    }

    @Test
    void headThatCreepsIsCut() throws IOException {
        listen(new DoorLimits(1 << 20, 10, LONG, SHORT, LONG, LONG, LONG, LONG), HttpListenerTest::ok);
        try (RawClient client = RawClient.http1(port)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n");
            Thread creeping = RUNTIME.start("creeping", () -> {
                try {
                    while (true) {
                        client.send("x-more: 1\r\n");
                        RUNTIME.sleep(Duration.ofMillis(20));
                    }
                } catch (IOException | InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(client.readToEnd()).isEmpty();
            creeping.interrupt();
        }
    }

    @Test
    void idleConnectionIsClosedAndOneThatWorksIsNot() throws IOException, InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        listen(new DoorLimits(1 << 20, 10, LONG, LONG, SHORT, LONG, LONG, LONG), exchange -> {
            if (exchange.path().equals("/slow")) {
                pause(go);
            }
            ok(exchange);
        });
        try (RawClient busy = RawClient.http1(port);
                RawClient idle = RawClient.http1(port);
                RawClient idle2 = RawClient.http2(port)) {
            busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(idle.readToEnd()).contains("200 OK").endsWith("GET / 0");
            // Its pings do not keep it.
            Thread pings = RUNTIME.start("pings", () -> {
                try {
                    while (true) {
                        idle2.frame(RawClient.PING, 0, 0, new byte[8]);
                        RUNTIME.sleep(Duration.ofMillis(20));
                    }
                } catch (IOException | InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(idle2.await(RawClient.GOAWAY).error()).isZero();
            pings.interrupt();
            go.countDown();
            assertThat(busy.answer()).contains("200 OK").endsWith("GET /slow 0");
        }
    }

    @Test
    void bodyThatNeverComesIsAnsweredAndItsConnectionEnds() throws IOException {
        listen(new DoorLimits(1 << 20, 10, LONG, LONG, LONG, SHORT, LONG, SHORT), HttpListenerTest::answerBody);
        try (RawClient client = RawClient.http1(port)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nonly this");
            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 504 ")
                    .endsWith("Timeout: request did not complete within the allotted timeout");
        }
    }

    @Test
    void bodyThatNobodyAskedForIsNotRead() throws IOException, InterruptedException {
        CountDownLatch ask = new CountDownLatch(1);
        AtomicReference<HttpExchange> held = new AtomicReference<>();
        listen(PATIENT, exchange -> {
            held.set(exchange);
            pause(ask);
            ok(exchange);
        });
        int length = 2_900_000;
        try (RawClient client = RawClient.http1(port)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
            RUNTIME.start("sender", () -> {
                try {
                    client.send(new byte[length]);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            await().atMost(DEADLINE)
                    .until(() -> held.get() != null
                            && !held.get().context().channel().config().isAutoRead());
            ask.countDown();
            assertThat(client.answer()).endsWith("POST / " + length);
        }
    }

    @Test
    void refusedBodyIsReadPastUpToALimit() throws IOException {
        listen(PATIENT, exchange -> exchange.reply(Reply.text(401, "who are you?")));
        try (RawClient client = RawClient.http1(port)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 401 ");
            client.send(new byte[1_000_000]);
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer()).as("the connection goes on").startsWith("HTTP/1.1 401 ");
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 401 ");
            byte[] chunk = ("100000\r\n" + "x".repeat(0x100000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 500; i++) {
                            client.send(chunk);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void bodyOverTheLimitIsRefused() throws IOException {
        listen(PATIENT, HttpListenerTest::answerBody);
        try (RawClient client = RawClient.http1(port)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3145729\r\n\r\n");
            assertThat(client.answer())
                    .startsWith("HTTP/1.1 413 ")
                    .endsWith("Request entity too large: limit is 3145728");
        }
        try (RawClient client = RawClient.http1(port)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n300001\r\n");
            client.send(new byte[0x300001]).send("\r\n0\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void halfABodyIsNotTakenForAWhole() throws IOException, InterruptedException {
        AtomicReference<String> seen = new AtomicReference<>();
        listen(PATIENT, exchange -> {
            try {
                seen.set("whole: " + exchange.body().length);
            } catch (ApiException e) {
                seen.set(e.code() + " " + e.getMessage());
                exchange.reply(Reply.text(e.code(), e.getMessage()));
            }
        });
        try (RawClient client = RawClient.http1(port)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 500 ").contains("malformed chunked encoding");
        }
        seen.set(null);
        try (RawClient client = RawClient.http1(port)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
        }
        await().atMost(DEADLINE).until(() -> "400 unexpected EOF".equals(seen.get()));
    }

    @Test
    void continueIsSaidWhenTheBodyIsWanted() throws IOException {
        listen(PATIENT, HttpListenerTest::ok);
        try (RawClient client = RawClient.http1(port)) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 100 ");
            assertThat(client.send("abc").answer()).endsWith("POST / 3");
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: magic\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 417 ");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET / HTTP/1.1~~                        | 400 Bad Request: missing required Host header
            GET /%zz HTTP/1.1~Host: a~~             | 400 Bad Request
            GET /a%2 HTTP/1.1~Host: a~~             | 400 Bad Request
            nonsense~~                              | 400 Bad Request
            GET / HTTP/1.1~Host: a~bad header~~     | 400 Bad Request
            GET / HTTP/1.1~Host: a~Content-Length: x~~ | 400 Bad Request
            POST / HTTP/1.1~Host: a~Content-Length: 3~Content-Length: 4~~abc | 400 Bad Request
            POST / HTTP/1.1~Host: a~Content-Length: -3~~ | 400 Bad Request
            """)
    void whatIsNoRequestIsRefused(String request, String text) throws IOException {
        listen(PATIENT, HttpListenerTest::ok);
        try (RawClient client = RawClient.http1(port)) {
            client.send(request.replace("~", "\r\n"));
            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("connection: close")
                    .endsWith("\r\n\r\n" + text);
        }
    }

    @Test
    void plainTextIsToldThatThisIsTls() throws IOException {
        listen(PATIENT, HttpListenerTest::ok);
        try (RawClient client = RawClient.plain(port)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readToEnd())
                    .isEqualTo("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void headOverTheLimitIsRefused(boolean line) throws IOException {
        listen(PATIENT, HttpListenerTest::ok);
        String much = "x".repeat(900_000);
        try (RawClient client = RawClient.http1(port)) {
            client.send(line ? "GET /?" + much : "GET / HTTP/1.1\r\nHost: a\r\nX-Much: " + much);
            client.send((line ? " HTTP/1.1\r\nHost: a" : "") + "\r\n\r\n");
            assertThat(client.answer()).as("less than 1 MB").startsWith("HTTP/1.1 200 ");
            client.send(line ? "GET /?" + much + much : "GET / HTTP/1.1\r\nHost: a\r\nX-Much: " + much + much);
            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n")
                    .endsWith("\r\n\r\n431 Request Header Fields Too Large");
        }
    }

    @Test
    void manySmallHeadersAreRefusedToo() throws IOException {
        listen(PATIENT, HttpListenerTest::ok);
        try (RawClient client = RawClient.http1(port)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n");
            client.send("X-Many: 0123456789\r\n".repeat(60_000));
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void requestsThatComeInOneGoAreAnsweredInOrder() throws IOException {
        listen(PATIENT, HttpListenerTest::ok);
        try (RawClient client = RawClient.http1(port)) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                all.append("POST /").append(i).append(" HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
            }
            client.send(all.toString());
            for (int i = 0; i < 100; i++) {
                assertThat(client.answer()).endsWith("POST /" + i + " 2");
            }
        }
    }
}
