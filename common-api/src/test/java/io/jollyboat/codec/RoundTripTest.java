package io.jollyboat.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random objects of every kind survive the way from protobuf to JSON and back, and from JSON to protobuf and back. */
final class RoundTripTest {
    private static final int ROUNDS = 25;

    static Stream<ResourceType<?>> kinds() {
        return Kinds.builtIn().all().stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void json(ResourceType<?> type) {
        for (long seed = 0; seed < ROUNDS; seed++) {
            Message message = Normalizer.normalize(new RandomMessages(seed).next((Message) type.prototype()));
            byte[] json = JsonCodec.encode(message, type.apiVersion(), type.kind());
            Decoded<? extends Message> decoded = JsonCodec.decode(json, type.prototype(), Strictness.STRICT);
            assertThat(decoded.message()).as("seed %d of %s", seed, type).isEqualTo(message);
            assertThat(decoded.kind()).isEqualTo(type.kind());
            assertThat(text(JsonCodec.encode(decoded.message(), type.apiVersion(), type.kind())))
                    .isEqualTo(text(json));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void yaml(ResourceType<?> type) {
        for (long seed = 0; seed < 5; seed++) {
            Message message = Normalizer.normalize(new RandomMessages(seed).next((Message) type.prototype()));
            byte[] yaml = YamlCodec.encode(message, type.apiVersion(), type.kind());
            Decoded<? extends Message> decoded = YamlCodec.decode(yaml, type.prototype(), Strictness.STRICT);
            assertThat(decoded.message())
                    .as("seed %d of %s:%n%s", seed, type, text(yaml))
                    .isEqualTo(message);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
