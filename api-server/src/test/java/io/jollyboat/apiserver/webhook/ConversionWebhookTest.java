package io.jollyboat.apiserver.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Custom objects in two versions, between which a webhook converts. */
class ConversionWebhookTest {
    private static volatile String told = "";
    /** How many objects each review held. */
    private static final List<Integer> REVIEWS = new CopyOnWriteArrayList<>();

    private static boolean convert(LoopbackServer.Request request, java.io.OutputStream out) throws IOException {
        ObjectNode review = (ObjectNode) RestClient.JSON.readTree(request.body());
        JsonNode asked = review.remove("request");
        REVIEWS.add(asked.get("objects").size());
        ObjectNode response = review.putObject("response");
        response.set("uid", asked.get("uid"));
        response.putObject("result")
                .put("status", told.isEmpty() ? "Success" : "Failure")
                .put("message", told);
        for (JsonNode object : asked.get("objects")) {
            ObjectNode changed = (ObjectNode) object;
            changed.set("apiVersion", asked.get("desiredAPIVersion"));
            changed.put("converted", "by webhook");
            response.withArray("convertedObjects").add(changed);
        }
        return LoopbackServer.reply(out, 200, "application/json", review.toString());
    }

    @Test
    void objectsAreShownInTheVersionThatIsAskedFor() throws IOException {
        String version = "{\"name\":\"%s\",\"served\":true,\"storage\":%s,\"schema\":{\"openAPIV3Schema\":"
                + "{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}}}";
        try (LoopbackServer hook = LoopbackServer.https(List.of("127.0.0.1"), ConversionWebhookTest::convert);
                EmbeddedApiServer server = EmbeddedApiServer.start();
                RestClient client = RestClient.admin(server)) {
            Answer made = client.post(
                    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                    "{\"metadata\":{\"name\":\"vers.example.com\"},\"spec\":{\"group\":\"example.com\",\"scope\":"
                            + "\"Cluster\",\"names\":{\"plural\":\"vers\",\"kind\":\"Ver\"},\"versions\":["
                            + version.formatted("v1", "true") + "," + version.formatted("v2", "false")
                            + "],\"conversion\":{\"strategy\":\"Webhook\",\"webhook\":{\"conversionReviewVersions\":"
                            + "[\"v1\"],\"clientConfig\":{\"url\":\"https://127.0.0.1:" + hook.port()
                            + "/conv\",\"caBundle\":\"" + hook.caBundle() + "\"}}}}}");
            assertThat(made.code()).as(made.text()).isEqualTo(201);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(client.post(
                                            "/apis/example.com/v1/vers",
                                            "{\"apiVersion\":\"example.com/v1\",\"kind\":"
                                                    + "\"Ver\",\"metadata\":{\"name\":\"x\"},\"a\":1}")
                                    .code())
                            .isIn(201, 409));
            assertThat(client.get("/apis/example.com/v1/vers/x").json().has("converted"))
                    .isFalse();
            JsonNode other = client.get("/apis/example.com/v2/vers/x").json();
            assertThat(other.at("/apiVersion").asString()).isEqualTo("example.com/v2");
            assertThat(other.at("/converted").asString()).isEqualTo("by webhook");
            assertThat(other.at("/a").asInt()).isEqualTo(1);
            // Another object: what was converted once is kept for as long as the object stays as it is.
            client.post(
                    "/apis/example.com/v1/vers",
                    "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Ver\",\"metadata\":{\"name\":\"y\"}}");
            client.post(
                    "/apis/example.com/v1/vers",
                    "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Ver\",\"metadata\":{\"name\":\"z\"}}");
            REVIEWS.clear();
            for (int i = 0; i < 2; i++) {
                JsonNode list = client.get("/apis/example.com/v2/vers").json();
                assertThat(list.path("items")).hasSize(3);
                assertThat(list.path("items")).allMatch(item -> item.has("converted"));
            }
            // The first has been converted before, the others go together.
            assertThat(REVIEWS).containsExactly(2);
            client.post(
                    "/apis/example.com/v1/vers",
                    "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Ver\",\"metadata\":{\"name\":\"other\"}}");
            told = "cannot do that";
            Answer refused = client.get("/apis/example.com/v2/vers/other");
            assertThat(refused.code()).isEqualTo(500);
            assertThat(refused.message())
                    .isEqualTo("conversion webhook for example.com/v1, Kind=Ver failed: cannot do that");
        }
    }
}
