package io.jollyboat.apiserver.rest;

import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.TlsContexts;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A listener on loopback of which each test says how patient it is. */
@Timeout(120)
abstract class HttpListenerFixture {
    static final Runtime RUNTIME = SystemRuntime.instance();
    static final Duration DEADLINE = Duration.ofSeconds(60);
    static final Duration LONG = Duration.ofSeconds(100);
    static final Duration SHORT = Duration.ofMillis(300);
    static final DoorLimits PATIENT = new DoorLimits(1 << 20, 10, LONG, LONG, LONG, LONG, LONG, LONG);

    @TempDir
    static Path folder;

    static SslContext tls;
    HttpListener listener;
    int port;

    @BeforeAll
    static void keys() {
        Pki pki = new Pki(folder, RUNTIME::now);
        pki.init(List.of("127.0.0.1"), List.of("127.0.0.1"));
        tls = new TlsContexts(pki.apiServer()).nettyServer(TlsContexts.ClientCertificate.REQUESTED, "h2", "http/1.1");
    }

    @AfterEach
    void stop() {
        if (listener != null) {
            listener.close();
        }
    }

    void listen(DoorLimits limits, HttpListener.RequestHandler handler) {
        listener = new HttpListener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> tls,
                handler,
                body -> RUNTIME.start("request", body),
                limits);
        listener.start();
        port = listener.localAddress().getPort();
    }

    static void ok(HttpExchange exchange) {
        exchange.reply(Reply.text(200, exchange.method() + " " + exchange.path() + " " + exchange.body().length));
    }

    static void answerBody(HttpExchange exchange) {
        try {
            ok(exchange);
        } catch (ApiException e) {
            exchange.reply(Reply.text(e.code(), e.getMessage()));
        }
    }

    static void pause(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
