package io.jollyboat.apiserver.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldSetTest {
    private static FieldSet parse(String json) {
        return FieldsV1.parse(ByteString.copyFromUtf8(json));
    }

    private static String write(FieldSet set) {
        return FieldsV1.write(set).toStringUtf8();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"f:data\":{\".\":{},\"f:a\":{},\"f:b\":{}}}",
                "{\"f:l\":{\"k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:name\":{}}}}",
                "{\"f:s\":{\"v:\\\"x/y\\\"\":{},\"v:1\":{},\"v:true\":{}}}",
                "{\"f:data\":{\"f:a\\\"b\\\\c\\n\":{}}}",
            })
    void writesWhatItReads(String json) {
        // Numbers stand before texts, and these before booleans.
        String ordered = json.replace("\"v:\\\"x/y\\\"\":{},\"v:1\":{}", "\"v:1\":{},\"v:\\\"x/y\\\"\":{}");
        assertThat(write(parse(json))).isEqualTo(ordered);
    }

    @Test
    void ordersStepsAndKeysAndForgetsWhatItDoesNotKnow() {
        assertThat(write(parse("{\"f:b\":{}, \"x:new\":{\"f:c\":{}}, \"f:a\":{\"f:z\":{},\".\":{}}}")))
                .isEqualTo("{\"f:a\":{\".\":{},\"f:z\":{}},\"f:b\":{}}");
        assertThat(write(parse("{\"f:l\":{\"k:{\\\"b\\\": 1, \\\"a\\\": \\\"x\\\"}\":{}}}")))
                .isEqualTo("{\"f:l\":{\"k:{\\\"a\\\":\\\"x\\\",\\\"b\\\":1}\":{}}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{", "{\"f\":{}}", "{\"noColon\":{}}", "{\"k:[]\":{}}", "{\"v:\":{}}", "{\"f:a\":1}"})
    void refusesWhatIsNoFieldSet(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void obeysTheAlgebraOfSets() {
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            FieldSet a = random(random, 3);
            FieldSet b = random(random, 3);
            FieldSet c = random(random, 3);
            assertThat(a.union(b)).isEqualTo(b.union(a));
            assertThat(a.intersection(b)).isEqualTo(b.intersection(a));
            assertThat(a.union(b).union(c)).isEqualTo(a.union(b.union(c)));
            assertThat(a.difference(b).union(a.intersection(b))).isEqualTo(a);
            assertThat(a.difference(b).intersection(b).isEmpty()).isTrue();
            assertThat(a.difference(a).isEmpty()).isTrue();
            assertThat(a.union(b).intersection(c)).isEqualTo(a.intersection(c).union(b.intersection(c)));
            assertThat(a.recursiveDifference(b).intersection(b).isEmpty()).isTrue();
            assertThat(parse(write(a))).isEqualTo(a);
            List<List<Step>> paths = new ArrayList<>();
            a.forEach(paths::add);
            assertThat(paths).allMatch(a::has);
            assertThat(paths).allMatch(path -> b.has(path) != a.difference(b).has(path));
        }
    }

    private static FieldSet random(Random random, int depth) {
        FieldSet set = new FieldSet();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            Step step = switch (random.nextInt(3)) {
                case 0 -> Step.value((long) random.nextInt(3));
                case 1 -> Step.keys(List.of(new Step.Key("k", "v" + random.nextInt(3))));
                default -> Step.field("f" + random.nextInt(4));
            };
            FieldSet below = depth == 0 || random.nextBoolean() ? FieldSet.EMPTY : random(random, depth - 1);
            set.put(step, below.isEmpty() || random.nextBoolean(), below);
        }
        return set.finished();
    }
}
