package io.jollyboat.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.api.coordination.v1.LeaseSpec;
import io.jollyboat.api.meta.v1.MicroTime;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Times;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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

    /** Go writes the fraction of a second even where there is none; JSON says nothing of it. */
    @Test
    void momentsAreTheSameWhereverTheyComeFrom() {
        LeaseSpec fromGo = LeaseSpec.newBuilder()
                .setRenewTime(MicroTime.newBuilder().setSeconds(1_505_828_956).setNanos(0))
                .setAcquireTime(MicroTime.newBuilder().setSeconds(1_505_828_956).setNanos(12_345_678))
                .build();
        LeaseSpec fromJson = JsonCodec.decode(
                        "{\"renewTime\":\"2017-09-19T13:49:16.000000Z\",\"acquireTime\":\"2017-09-19T13:49:16.012345Z\"}"
                                .getBytes(StandardCharsets.UTF_8),
                        LeaseSpec.getDefaultInstance(),
                        Strictness.STRICT)
                .message();
        assertThat(Normalizer.normalize(fromGo)).isEqualTo(fromJson);
        assertThat(Times.microTime(Instant.ofEpochSecond(1_505_828_956))).isEqualTo(fromJson.getRenewTime());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
