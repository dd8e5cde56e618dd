package io.jollyboat.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1000, 1k",
        "1000m, 1",
        "0.5, 500m",
        "1.5, 1500m",
        "1500Ki, 1500Ki",
        "1024Ki, 1Mi",
        "1Gi, 1Gi",
        "0.5Gi, 512Mi",
        "1e3, 1e3",
        "12345678901234567890, 12345678901234567890",
        "0.0000000001, 1n",
        "-1, -1",
        "100k, 100k",
        "1000k, 1M",
        "0.1Ki, 102400m"
    })
    void canonicalForms(String text, String canonical) {
        assertThat(Quantities.canonical(text)).isEqualTo(canonical);
    }

    @Test
    void arithmetic() {
        assertThat(Quantities.add(Quantities.parse("100m"), Quantities.parse("1"))
                        .getString())
                .isEqualTo("1100m");
        assertThat(Quantities.subtract(Quantities.parse("1Gi"), Quantities.parse("512Mi"))
                        .getString())
                .isEqualTo("512Mi");
        assertThat(Quantities.compare(Quantities.parse("1024Mi"), Quantities.parse("1Gi")))
                .isZero();
        assertThat(Quantities.value(Quantities.parse("100m"))).isEqualTo(1);
        assertThat(Quantities.milliValue(Quantities.parse("1500u"))).isEqualTo(2);
        assertThat(Quantities.roundUpToMilli(Quantities.parse("1500u")).getString())
                .isEqualTo("2m");
    }

    @Test
    void malformedOnesHaveUpstreamsText() {
        assertThatThrownBy(() -> Quantities.parse("1x"))
                .hasMessage("quantities must match the regular expression"
                        + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        assertThatThrownBy(() -> Quantities.parse("1mi")).hasMessage("unable to parse quantity's suffix");
    }

    @Test
    void percentagesScale() {
        assertThat(IntOrStrings.scaled(IntOrStrings.of("25%"), 10, true)).isEqualTo(3);
        assertThat(IntOrStrings.scaled(IntOrStrings.of("25%"), 10, false)).isEqualTo(2);
        assertThat(IntOrStrings.scaled(IntOrStrings.of(7), 10, false)).isEqualTo(7);
    }
}
