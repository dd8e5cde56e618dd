package io.jollyboat.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 16_384, 3_000_000})
    void partsMakeTheWhole(int length) {
        ByteString object = ByteString.copyFrom(new byte[length]);
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        parts.writeBytes(Envelope.head("v1", "PodList", length));
        parts.writeBytes(object.toByteArray());
        parts.writeBytes(Envelope.tail());
        assertThat(parts.toByteArray()).isEqualTo(Envelope.wrap("v1", "PodList", object));
        assertThat(Envelope.unwrap(parts.toByteArray()).getRaw()).isEqualTo(object);
        assertThat(Envelope.content(ByteString.copyFrom(parts.toByteArray()))).isEqualTo(object);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k8s", "{\"kind\":\"Pod\"}", "k8s\0\u0012\u0005ab"})
    void whatIsNoWholeEnvelopeIsRefused(String stored) {
        ByteString bytes = ByteString.copyFromUtf8(stored);
        assertThatThrownBy(() -> Envelope.content(bytes)).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> Envelope.unwrap(bytes.toByteArray())).isInstanceOf(DecodeException.class);
    }
}
