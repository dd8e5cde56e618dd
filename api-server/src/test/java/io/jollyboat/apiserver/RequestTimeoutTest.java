package io.jollyboat.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.apiserver.storage.EtcdConfig;
import io.jollyboat.apiserver.storage.EtcdFixture;
import io.jollyboat.apiserver.storage.EtcdStore;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The query's {@code timeout}. */
class RequestTimeoutTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            x    | time: invalid duration "x"
            5    | time: missing unit in duration "5"
            5y   | time: unknown unit "y" in duration "5y"
            """)
    void badOneIsRefused(String timeout, String why) {
        try (EmbeddedApiServer server = EmbeddedApiServer.start();
                RestClient client = RestClient.admin(server)) {
            Answer answer = client.get(MAPS + "?timeout=" + timeout);
            assertThat(answer.code()).isEqualTo(400);
            assertThat(answer.json().path("reason").asString()).isEqualTo("BadRequest");
            assertThat(answer.message()).isEqualTo("invalid timeout specified in the request URL - " + why);
            assertThat(client.get(MAPS + "?timeout=0s").code()).isEqualTo(200);
            assertThat(client.get(MAPS + "?timeout=32s").code()).isEqualTo(200);
            assertThat(client.get(MAPS + "?watch=1&timeoutSeconds=1&timeout=" + timeout)
                            .code())
                    .as("watches have timeoutSeconds")
                    .isEqualTo(200);
        }
    }

    @Test
    void requestThatTakesLongerIsAnsweredAndItsConnectionServesTheNext() {
        try (EtcdFixture etcd = EtcdFixture.plain()) {
            EtcdConfig patient = new EtcdConfig(etcd.config().endpoints(), null, Duration.ofSeconds(20));
            try (EmbeddedApiServer server = EmbeddedApiServer.start(
                            SystemRuntime.instance(), EtcdStore.open(patient, SystemRuntime.instance()));
                    RestClient client = new RestClient(
                            server.url(),
                            server.tls(io.jollyboat.tls.Pki::admin),
                            java.net.http.HttpClient.Version.HTTP_1_1)) {
                etcd.pause();
                Answer read = client.get(MAPS + "?timeout=300ms");
                assertThat(read.code()).as(read.text()).isEqualTo(504);
                assertThat(read.json().path("reason").asString()).isEqualTo("Timeout");
                assertThat(read.message()).isEqualTo("Timeout: request did not complete within the allotted timeout");
                assertThat(read.headers()).containsKey("audit-id");
                Answer write = client.post(MAPS + "?timeout=300ms", "{\"metadata\":{\"name\":\"late\"}}");
                assertThat(write.code()).as(write.text()).isEqualTo(504);
                assertThat(write.message())
                        .isEqualTo(
                                "Timeout: request did not complete within requested timeout - context deadline exceeded");
                assertThat(client.get(MAPS + "?resourceVersion=0").code()).isEqualTo(200);
                etcd.resume();
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(
                                () -> assertThat(client.get(MAPS + "/late").code())
                                        .as("what had begun ended")
                                        .isEqualTo(200));
            }
        }
    }
}
