package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.tls.Pki;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What a watch over HTTP tells, and when it ends. */
class RestWatchTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static EmbeddedApiServer server;
    private static RestClient client;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void readerThatRestsMissesNothing(HttpClient.Version version) throws IOException, InterruptedException {
        String name =
                "slow-" + version.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        List<String> told = new ArrayList<>();
        List<String> written = new ArrayList<>();
        written.add(version(client.post(MAPS, map(name, 0)).json()));
        try (HttpClient http = HttpClient.newBuilder()
                        .sslContext(server.tls(Pki::admin))
                        .version(version)
                        .build();
                BufferedReader events = open(http, "&fieldSelector=metadata.name%3D" + name)) {
            // Far more than the buffers between here and there hold.
            for (int i = 1; i < 1500; i++) {
                written.add(version(client.put(MAPS + "/" + name, map(name, i)).json()));
            }
            while (told.size() < written.size()) {
                told.add(version(RestClient.JSON.readTree(events.readLine()).path("object")));
            }
            http.shutdownNow();
        }
        assertThat(told).isEqualTo(written);
    }

    @Test
    void endsWhenItsTimeIsOver() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder()
                        .sslContext(server.tls(Pki::admin))
                        .build();
                BufferedReader events = open(http, "&timeoutSeconds=1&fieldSelector=metadata.name%3Dabsent")) {
            assertThat(events.readLine()).isNull();
        }
    }

    /** So that the next watch need not begin with everything that this one left out. */
    @Test
    void endsWithABookmark() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder()
                        .sslContext(server.tls(Pki::admin))
                        .build();
                BufferedReader events = open(http, "&timeoutSeconds=3&allowWatchBookmarks=true&labelSelector=absent")) {
            String version = version(client.post(MAPS, map("unseen", 0)).json());
            JsonNode event = RestClient.JSON.readTree(events.readLine());
            assertThat(event.path("type").asString()).isEqualTo("BOOKMARK");
            assertThat(Long.parseLong(version(event.path("object")))).isGreaterThanOrEqualTo(Long.parseLong(version));
            assertThat(events.readLine()).isNull();
        }
    }

    private static BufferedReader open(HttpClient http, String query) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + MAPS + "?watch=1" + query))
                .build();
        return new BufferedReader(new InputStreamReader(
                http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8));
    }

    private static String map(String name, int number) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"n\":\"" + number + "\",\"fill\":\""
                + "x".repeat(4_000) + "\"}}";
    }

    private static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asString();
    }
}
