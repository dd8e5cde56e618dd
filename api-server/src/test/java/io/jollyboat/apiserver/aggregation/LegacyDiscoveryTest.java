package io.jollyboat.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.meta.v1.APIResourceList;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LegacyDiscoveryTest {
    @Test
    void subresourcesFindTheirResource() {
        String list = """
                {"kind":"APIResourceList","groupVersion":"g/v1","resources":[
                 {"name":"things","singularName":"thing","namespaced":true,"kind":"Thing","verbs":["get","list"],
                  "shortNames":["th"],"categories":["all"]},
                 {"name":"things/status","singularName":"","namespaced":true,"kind":"Thing","verbs":["get"]},
                 {"name":"orphans/scale","singularName":"","namespaced":false,"group":"autoscaling","version":"v1",
                  "kind":"Scale","verbs":["update"]}]}""";
        APIResourceList parsed = JsonCodec.decode(
                        list.getBytes(StandardCharsets.UTF_8), APIResourceList.getDefaultInstance(), Strictness.IGNORE)
                .message();
        assertThat(new String(
                        JsonCodec.encode(LegacyDiscovery.convert("v1", parsed), null, null), StandardCharsets.UTF_8))
                .isEqualTo("{\"version\":\"v1\",\"resources\":["
                        + "{\"resource\":\"things\",\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":\"Thing\"},"
                        + "\"scope\":\"Namespaced\",\"singularResource\":\"thing\",\"verbs\":[\"get\",\"list\"],"
                        + "\"shortNames\":[\"th\"],\"categories\":[\"all\"],\"subresources\":[{\"subresource\":\"status\","
                        + "\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":\"Thing\"},\"verbs\":[\"get\"]}]},"
                        + "{\"resource\":\"orphans\",\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":\"\"},"
                        + "\"scope\":\"Cluster\",\"singularResource\":\"\",\"verbs\":null,\"subresources\":["
                        + "{\"subresource\":\"scale\",\"responseKind\":{\"group\":\"autoscaling\",\"version\":\"v1\","
                        + "\"kind\":\"Scale\"},\"verbs\":[\"update\"]}]}]}");
    }
}
