package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.tls.Pki;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A client that lists and watches as informers do: where a watch ends it goes on after the last revision it was told of,
 * and lists again where it is told to. Keeps what it was told.
 */
final class FollowingWatch implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String LABELLED = "labelSelector=linear";

    private final EmbeddedApiServer server;
    private final RestClient lists;
    private final String collection;
    private final Runtime runtime;
    private final HttpClient client;
    private final List<Segment> segments = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile RuntimeException failure;

    /** From one list to the next. */
    private static final class Segment {
        private final long start;
        private final List<String> listed;
        private final List<String> events = new CopyOnWriteArrayList<>();
        private volatile long reached;

        Segment(long start, List<String> listed) {
            this.start = start;
            this.listed = listed;
            this.reached = start;
        }
    }

    private FollowingWatch(EmbeddedApiServer server, String collection, Runtime runtime) {
        this.server = server;
        this.collection = collection;
        this.runtime = runtime;
        this.lists = RestClient.admin(server);
        this.client = HttpClient.newBuilder()
                .sslContext(server.tls(Pki::admin))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.thread = runtime.start("following watch", this::run);
    }

    static FollowingWatch start(EmbeddedApiServer server, String collection, Runtime runtime) {
        return new FollowingWatch(server, collection, runtime);
    }

    private void run() {
        try {
            while (!closed) {
                Answer answer = lists.get(collection + "?" + LABELLED);
                if (answer.code() == 200) {
                    follow(new Segment(
                            LinearHistory.revision(answer.json()),
                            LinearHistory.shown(answer.json().path("items"))));
                }
                runtime.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!closed) {
                failure = e;
            }
        }
    }

    private void follow(Segment segment) throws InterruptedException {
        segments.add(segment);
        boolean goesOn = true;
        while (goesOn && !closed) {
            String uri = server.url() + collection + "?watch=1&allowWatchBookmarks=true&" + LABELLED
                    + "&resourceVersion=" + segment.reached;
            try {
                HttpResponse<Stream<String>> response = client.send(
                        HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofLines());
                try (Stream<String> lines = response.body()) {
                    if (response.statusCode() == 200) {
                        goesOn = take(lines.iterator(), segment);
                    }
                }
            } catch (IOException | UncheckedIOException e) {
                // Cut short: again from where it stood.
            }
            runtime.sleep(PAUSE);
        }
    }

    /** False when the watch cannot go on from where it is. */
    private static boolean take(Iterator<String> lines, Segment segment) {
        while (lines.hasNext()) {
            JsonNode event = RestClient.JSON.readTree(lines.next());
            JsonNode object = event.path("object");
            String type = event.path("type").asString();
            if (type.equals("ERROR")) {
                return object.path("code").asInt() != 410;
            }
            long revision = LinearHistory.revision(object);
            if (!type.equals("BOOKMARK")) {
                segment.events.add(type.equals("DELETED") + " " + name(object) + "@" + revision);
            }
            segment.reached = Math.max(segment.reached, revision);
        }
        return true;
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asString();
    }

    /** Whether it has been told of everything up to the revision. */
    boolean hasReached(long revision) {
        return failure != null || (!segments.isEmpty() && segments.getLast().reached >= revision);
    }

    /** Compares all that it was told with what was stored, and says of how many events it heard. */
    int check(StoredHistory stored) {
        if (failure != null) {
            throw failure;
        }
        int heard = 0;
        for (Segment segment : segments) {
            assertThat(segment.listed)
                    .as("listed at %s", segment.start)
                    .isEqualTo(LinearHistory.shown(stored.at(segment.start)));
            List<String> expected = new ArrayList<>();
            stored.between(segment.start, segment.reached)
                    .forEach(write ->
                            expected.add(write.value().isEmpty() + " " + write.key() + "@" + write.revision()));
            assertThat(segment.events.stream().filter(event -> !event.contains(" end@")))
                    .as("the watch tells of each write once and in order, from %s", segment.start)
                    .isEqualTo(expected);
            heard += expected.size();
        }
        return heard;
    }

    @Override
    public void close() {
        closed = true;
        client.shutdownNow();
        thread.interrupt();
        lists.close();
    }
}
