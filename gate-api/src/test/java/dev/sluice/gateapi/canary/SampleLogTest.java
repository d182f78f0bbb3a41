package dev.sluice.gateapi.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.Measure;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canary.intake.Series;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.SampleBatch.Learner;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleLogTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");

    @Test
    void aBatchThatIsTooLargeForARecordGoesInSeveral() {
        var batch = new SampleBatch("acme", "r1", "latency", 0, Collections.nCopies(5, point(50_000)));
        List<SampleBatch> records = records(batch);
        assertThat(records)
                .hasSizeGreaterThan(1)
                .allSatisfy(record -> assertThat(record.key()).isEqualTo(batch.key()));
        assertThat(records.stream().mapToInt(record -> record.points().size()).sum())
                .isEqualTo(5);
    }

    @Test
    void aPointOfARunThatIsTooLargeIsRefused() {
        var batch = new SampleBatch("acme", "r1", "latency", 0, List.of(point(300_000)));
        assertThatThrownBy(() -> SampleLog.entries(List.of(batch)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("a point of latency is too large for a record");
    }

    /** Runs whose points are in the same push have theirs. */
    @Test
    void aPointThatAConfigLearnsFromIsLeftOutWhereItIsTooLarge() {
        var learner = new Learner("acme", "checkout", "sha256:0");
        List<SampleBatch> records = records(
                SampleBatch.learned(learner, "latency", List.of(point(10), point(300_000)), List.of()),
                new SampleBatch("acme", "r1", "memory", 0, List.of(point(10))));
        assertThat(records)
                .extracting(
                        SampleBatch::run, record -> record.points().size(), SampleBatch::doubts, SampleBatch::learned)
                .containsExactly(
                        tuple("config:checkout", 1, null, "sha256:0"),
                        tuple(
                                "config:checkout",
                                0,
                                List.of("a point of latency is too large for a record"),
                                "sha256:0"),
                        tuple("r1", 1, null, null));
    }

    private static List<SampleBatch> records(SampleBatch... batches) {
        return SampleLog.entries(List.of(batches)).stream()
                .map(entry -> Json.read(entry.value(), SampleBatch.class))
                .toList();
    }

    private static SampleBatch.Point point(int bounds) {
        List<Double> le =
                IntStream.rangeClosed(1, bounds).mapToObj(i -> i / 7.0).toList();
        List<Long> upTo = Collections.nCopies(bounds, 1L);
        return SampleBatch.Point.of(new SamplePoint(
                "latency",
                Arm.BASELINE,
                new Series("", "", "", ""),
                START,
                new Measure.Distribution(le, upTo, 1, false)));
    }
}
