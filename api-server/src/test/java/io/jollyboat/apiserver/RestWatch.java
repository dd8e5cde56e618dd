package io.jollyboat.apiserver;

import io.jollyboat.tls.Pki;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** A watch over HTTP that is never opened again: what it misses is missed. */
final class RestWatch implements AutoCloseable {
    private final HttpClient client;
    private final ConcurrentLinkedQueue<JsonNode> events = new ConcurrentLinkedQueue<>();

    private RestWatch(HttpClient client) {
        this.client = client;
    }

    static RestWatch open(EmbeddedApiServer server, String path) {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(server.tls(Pki::admin))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        RestWatch watch = new RestWatch(client);
        Consumer<String> reader = line -> watch.events.add(RestClient.JSON.readTree(line));
        var _ = client.sendAsync(
                HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
                HttpResponse.BodyHandlers.fromLineSubscriber(new LineReader(reader)));
        return watch;
    }

    void drainTo(List<JsonNode> list) {
        for (JsonNode event = events.poll(); event != null; event = events.poll()) {
            list.add(event);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private record LineReader(Consumer<String> reader) implements java.util.concurrent.Flow.Subscriber<String> {
        @Override
        public void onSubscribe(java.util.concurrent.Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            reader.accept(line);
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {}
    }
}
