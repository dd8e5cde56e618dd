package io.jollyboat.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void theValueIsTheMedian() {
        assertThat(Figure.median(List.of(5.0, 1.0, 3.0))).isEqualTo(3);
        assertThat(Figure.median(List.of(4.0, 1.0))).isEqualTo(2.5);
        assertThat(Figure.percentile(List.of(1.0, 2.0, 3.0, 4.0), 99)).isEqualTo(4);
        assertThat(Figure.percentile(List.of(1.0, 2.0, 3.0, 4.0), 50)).isEqualTo(2);
    }

    @Test
    void aFigureIsOneLineOfJson() {
        Figure figure = new Figure(
                "get",
                Map.of("inFlight", 64),
                "1/s",
                List.of(9000.4, 8000.0, 9500.0),
                Map.of("cpuMillis.api \"x\"", 0.0612));
        assertThat(figure.json())
                .isEqualTo("{\"figure\":\"get\",\"inFlight\":64,\"value\":9000,\"unit\":\"1/s\","
                        + "\"runs\":[9000,8000,9500],\"cpuMillis.api \\\"x\\\"\":0.061}");
    }
}
