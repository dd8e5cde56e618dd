package io.jollyboat.apiserver.managed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MessageComparerTest {
    private static final int ROUNDS = 12;

    /** Two ways to the same answer: by the messages, and by the JSON that they are written as. */
    @Test
    void comparesMessagesOfEveryKindAsTheirJson() {
        for (ResourceType<?> type : Kinds.builtIn().all()) {
            for (int seed = 0; seed < ROUNDS; seed++) {
                RandomMessages random = new RandomMessages(seed);
                Message old = seed % 4 == 0 ? type.prototype() : random.of(type.prototype());
                Message now = seed % 4 == 1 ? random.of(type.prototype()) : random.changed(old);
                FieldType fields = Declared.typeOf(now.getDescriptorForType());
                assertThat(tried(() -> MessageComparer.compare(old, now)))
                        .as("%s, seed %d", type, seed)
                        .isEqualTo(tried(() -> TreeComparer.compare(fields, tree(type, old), tree(type, now))));
                assertThat(MessageComparer.compare(now, now).isSame()).isTrue();
            }
        }
    }

    /** Empty where an element has nothing that tells it from others. */
    private static Optional<Comparison> tried(Supplier<Comparison> comparison) {
        try {
            return Optional.of(comparison.get());
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("keys");
            return Optional.empty();
        }
    }

    private static JsonNode tree(ResourceType<?> type, Message object) {
        return JsonCodec.toTree(object, type.apiVersion(), type.kind());
    }
}
