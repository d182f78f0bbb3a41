package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictMeasurementIT {
    @TempDir
    Path directory;

    @Test
    @Tag("soak")
    void everyBucketOfEveryRunIsJudged() throws Exception {
        List<Figure> figures = new VerdictMeasurement(1_200).measure(Scale.QUICK, directory);

        assertThat(value(figures, "live (run, metric) keys")).isEqualTo(200);
        assertThat(value(figures, "buckets of a metric never judged")).isZero();
        assertThat(value(figures, "buckets of a metric judged")).isPositive();
    }

    private static double value(List<Figure> figures, String name) {
        return figures.stream()
                .filter(figure -> figure.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
