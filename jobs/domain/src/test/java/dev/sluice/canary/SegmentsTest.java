package dev.sluice.canary;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.SegmentFindings.Finding;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.evidence.RatioBucket;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SegmentsTest {
    private static final long SEED = 20261129;
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final CanaryConfig CONFIG = CanaryConfig.of(List.of(MetricConfig.Ratio.of("errors")));
    /** Six buckets settle, six warm up. */
    private static final int BUCKETS = 72;

    private final SimulatedTraffic traffic = new SimulatedTraffic(SEED, 10);

    /** One endpoint in twelve has ten times the errors: it is named, and all that is decided is of the whole. */
    @Test
    void theSegmentThatIsWorseIsNamed() {
        CanaryRun run = run(12, "route=/pay", 0.1);
        CanaryVerdict verdict = run.verdict(end());

        SegmentFindings findings = findings(verdict);
        assertThat(findings.segments()).as("seed %d", SEED).hasSize(12);
        assertThat(findings.worse()).singleElement().satisfies(finding -> {
            assertThat(finding.segment()).isEqualTo("route=/pay");
            assertThat(finding.estimate()).isNotNull().isGreaterThan(5);
            assertThat(finding.canary().events()).isGreaterThan(100);
        });
        assertThat(findings.segments().get(0).segment()).isEqualTo("route=/pay");
        assertThat(verdict.notes())
                .anyMatch(note -> note.startsWith("errors: worse now in 1 of 12 segments: route=/pay ("));
    }

    /** Of one and the same traffic, told with and without its segments, all numbers of the verdict are the same. */
    @Test
    void segmentsDecideNothing() {
        var with = new CanaryRun(CONFIG, START);
        var without = new CanaryRun(CONFIG, START);
        for (int t = 0; t < BUCKETS; t++) {
            Measured measured = measured(12, "route=/pay", 0.5);
            with.addMeasured(begin(t), Map.of("errors", measured));
            without.addMeasured(begin(t), Map.of("errors", new Measured(measured.bucket(), Pods.UNKNOWN)));
        }
        CanaryVerdict one = with.verdict(end());
        CanaryVerdict other = without.verdict(end());
        assertThat(one.state()).isEqualTo(other.state());
        assertThat(one.logE()).isEqualTo(other.logE());
        assertThat(one.reasons()).isEqualTo(other.reasons());
        assertThat(other.metrics().get(0).segments()).isNull();
    }

    /** Twelve endpoints that are as before: in 100 runs some segment is named in at most alpha of them, and a few by chance. */
    @Test
    void whereNothingIsWorseHardlyAnythingIsNamed() {
        int named = 0;
        for (int i = 0; i < 100; i++) {
            named += findings(run(12, "", 0).verdict(end())).worse().isEmpty() ? 0 : 1;
        }
        // alpha is 1 %: more than 5 of 100 have a probability below 0.001
        assertThat(named).as("seed %d", SEED).isLessThanOrEqualTo(5);
    }

    /** Those that were seen first are looked at; how many others there are is said. */
    @Test
    void onlySoManySegmentsAreLookedAt() {
        SegmentFindings findings = findings(run(SegmentEvidence.MOST + 5, "", 0).verdict(end()));
        assertThat(findings.segments()).hasSize(SegmentEvidence.MOST);
        assertThat(findings.leftOut()).isEqualTo(5);
    }

    @Test
    void savedAndLoadedTheyAreTheSame() throws IOException {
        CanaryRun run = run(SegmentEvidence.MOST + 5, "route=/pay", 0.1);
        var loaded = new CanaryRun(CONFIG, START);
        loaded.load(new DataInputStream(new ByteArrayInputStream(run.saved())));
        assertThat(loaded.verdict(end())).isEqualTo(run.verdict(end()));
        assertThat(loaded.saved()).isEqualTo(run.saved());
    }

    private static SegmentFindings findings(CanaryVerdict verdict) {
        SegmentFindings findings = requireNonNull(verdict.metrics().get(0).segments());
        assertThat(findings.segments()).extracting(Finding::logE).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        return findings;
    }

    private CanaryRun run(int segments, String bad, double rate) {
        var run = new CanaryRun(CONFIG, START);
        for (int t = 0; t < BUCKETS; t++) {
            run.addMeasured(begin(t), Map.of("errors", measured(segments, bad, rate)));
        }
        return run;
    }

    private Measured measured(int segments, String bad, double rate) {
        SortedMap<String, MetricBucket> buckets = new TreeMap<>();
        var sum = new double[4];
        for (int i = 0; i < segments; i++) {
            String name = i == 0 ? "route=/pay" : "route=/r%02d".formatted(i);
            RatioBucket bucket = traffic.errors(0.01, name.equals(bad) ? rate : 0.01);
            buckets.put(name, bucket);
            sum[0] += bucket.baselineEvents();
            sum[1] += bucket.baselineExposure();
            sum[2] += bucket.canaryEvents();
            sum[3] += bucket.canaryExposure();
        }
        return new Measured(new RatioBucket(sum[0], sum[1], sum[2], sum[3]), Pods.UNKNOWN, buckets);
    }

    private static Instant begin(int t) {
        return START.plusSeconds(10L * t);
    }

    private static Instant end() {
        return begin(BUCKETS);
    }
}
