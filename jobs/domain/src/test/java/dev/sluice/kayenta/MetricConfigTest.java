package dev.sluice.kayenta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricConfigTest {
    @ParameterizedTest
    @CsvSource({
        "increase, INCREASE",
        "decrease, DECREASE",
        "either, EITHER",
        "Increase, EITHER",
        "up, EITHER",
        ", EITHER"
    })
    void direction(@Nullable String word, Direction direction) {
        assertThat(Direction.ofWord(word)).isEqualTo(direction);
    }

    @ParameterizedTest
    @CsvSource({"remove, REMOVE", "replace, REPLACE", "none, REMOVE", "Replace, REMOVE", ", REMOVE"})
    void nanStrategy(@Nullable String word, NanStrategy strategy) {
        assertThat(NanStrategy.ofWord(word)).isEqualTo(strategy);
    }

    @ParameterizedTest
    @CsvSource({"keep, KEEP", "remove, REMOVE", "drop, KEEP", "Remove, KEEP", ", KEEP"})
    void outliers(@Nullable String word, Outliers.Strategy strategy) {
        assertThat(Outliers.Strategy.ofWord(word)).isEqualTo(strategy);
    }

    @ParameterizedTest
    @CsvSource({
        "meanRatio, MEAN_RATIO, 1",
        "cles, CLES, 0.5",
        "cohen, MEAN_RATIO, 1",
        "CLES, MEAN_RATIO, 1",
        ", MEAN_RATIO, 1"
    })
    void measure(@Nullable String word, EffectSize.Measure measure, double none) {
        assertThat(EffectSize.Measure.ofWord(word)).isEqualTo(measure);
        assertThat(EffectSize.of(measure)).isEqualTo(new EffectSize(measure, none, none, none, none));
    }

    @Test
    void labelsAreSpeltAsKayentaSpellsThem() {
        assertThat(EnumSet.allOf(MetricLabel.class))
                .extracting(MetricLabel::word)
                .containsExactlyInAnyOrder("Pass", "High", "Low", "Nodata", "NodataFailMetric", "Error");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void thresholdsOfAnEffectAreNumbers(int which) {
        double[] thresholds = {1, 1, 1, 1};
        thresholds[which] = Double.NaN;
        assertThatThrownBy(() -> new EffectSize(
                        EffectSize.Measure.MEAN_RATIO, thresholds[0], thresholds[1], thresholds[2], thresholds[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a number");
    }
}
