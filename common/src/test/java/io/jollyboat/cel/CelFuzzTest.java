package io.jollyboat.cel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.types.SimpleType;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Expressions of random words: each compiles or says why not, and ends under the limit of its cost. */
class CelFuzzTest {

    private static final List<String> WORDS = List.of(
            "object",
            ".a",
            ".b",
            ".?c",
            "[0]",
            "['a']",
            "(",
            ")",
            " + ",
            " && ",
            " || ",
            "!",
            " == ",
            " in ",
            " ? ",
            " : ",
            "[1, 2]",
            "{'a': 1}",
            "'x'",
            "1",
            "2.5",
            "3u",
            "null",
            "true",
            ".size()",
            ".all(x, ",
            ".map(x, ",
            "x",
            ".exists(x, ",
            "lists.range(500)",
            "duration('1h')",
            ".orValue(1)",
            "string(",
            "int(",
            "quantity('1')",
            ".add(1)",
            ".sort()",
            ".matches('a+')",
            ".split('')",
            ".join()",
            ".format([1])",
            ".transformMap(k, v, ",
            "ip('::1')",
            "optional.of(",
            "timestamp('2024-01-01T00:00:00Z')",
            " - ",
            " / ",
            " % ",
            ", ",
            "dyn(",
            ".sum()",
            ".flatten()",
            ".sortBy(x, x)");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverHangsNorThrows(long seed) {
        CelEnvironment environment =
                CelEnvironment.builder().variable("object", SimpleType.DYN).build();
        Object object = JsonMapper.shared().readTree("{\"a\": [1, 2, \"x\"], \"b\": {\"a\": 2.5}}");
        Random random = new Random(seed);
        Assertions.assertTimeout(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 400; i++) {
                StringBuilder expression = new StringBuilder();
                int length = 1 + random.nextInt(10);
                for (int j = 0; j < length; j++) {
                    expression.append(WORDS.get(random.nextInt(WORDS.size())));
                }
                String text = expression.toString();
                switch (environment.compile(text)) {
                    case CelProgram program -> {
                        CelOutcome outcome = program.evaluate(name -> object);
                        assertThat(outcome.failed()).as(text).isEqualTo(outcome.value() == null);
                        assertThat(program.estimateCost(SizeEstimator.NONE).max())
                                .isNotNegative();
                    }
                    case CelCompilation.Failure failure ->
                        assertThat(failure.message()).as(text).isNotEmpty();
                }
            }
        });
    }
}
