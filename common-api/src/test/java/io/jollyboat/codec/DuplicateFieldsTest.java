package io.jollyboat.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Pod;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A field that occurs twice: Go merges structs and maps, and takes the last of everything else. */
class DuplicateFieldsTest {
    @Test
    void structsAndMapsAreMerged() {
        Decoded<ConfigMap> decoded = JsonCodec.decode(json("""
                        {"metadata": {"name": "a", "labels": {"x": "1", "y": "1"}}, "data": {"k": "1"},
                         "metadata": {"namespace": "n", "labels": {"y": "2"}}, "data": {"l": "2"}}"""), ConfigMap.getDefaultInstance(), Strictness.WARN);
        ConfigMap map = decoded.message();
        assertThat(map.getMetadata().getName()).isEqualTo("a");
        assertThat(map.getMetadata().getNamespace()).isEqualTo("n");
        assertThat(map.getMetadata().getLabelsMap()).isEqualTo(Map.of("x", "1", "y", "2"));
        assertThat(map.getDataMap()).isEqualTo(Map.of("k", "1", "l", "2"));
        assertThat(decoded.warnings()).containsExactly("duplicate field \"metadata\"", "duplicate field \"data\"");
    }

    @Test
    void theLastListAndScalarCount() {
        Pod pod = JsonCodec.decode(json("""
                                {"spec": {"nodeName": "a", "containers": [{"name": "one"}, {"name": "two"}],
                                          "nodeName": "b", "containers": [{"name": "three"}]}}"""), Pod.getDefaultInstance(), Strictness.IGNORE)
                .message();
        assertThat(pod.getSpec().getNodeName()).isEqualTo("b");
        assertThat(pod.getSpec().getContainersList())
                .extracting(container -> container.getName())
                .containsExactly("three");
    }

    @Test
    void strictDecodingRefusesThem() {
        assertThatThrownBy(() -> JsonCodec.decode(
                        json("{\"data\": {}, \"data\": {}}"), ConfigMap.getDefaultInstance(), Strictness.STRICT))
                .hasMessage("strict decoding error: duplicate field \"data\"");
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
