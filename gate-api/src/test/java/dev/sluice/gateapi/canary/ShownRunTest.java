package dev.sluice.gateapi.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.CanaryVerdict;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.gateapi.document.ApiDocument;
import dev.sluice.gateapi.document.DocumentSchemas;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import dev.sluice.wire.VerdictJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs as they are shown, with verdicts that the domain has made. */
class ShownRunTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final CanaryConfig CONFIG = CanaryConfig.of(List.of(
            MetricConfig.Ratio.of("errors"), MetricConfig.Latency.of("duration"), MetricConfig.Gauge.of("cpu")));
    private static final CanaryRuns.Run RUN = new CanaryRuns.Run(
            "acme",
            "r1",
            new CanaryRunDocument(
                    "checkout",
                    "production",
                    null,
                    "1.5.0",
                    Json.mapper().createObjectNode(),
                    "sha256:" + "0".repeat(64),
                    START,
                    List.of(START.plusSeconds(60)),
                    null));
    private static final DocumentSchemas SCHEMAS =
            new DocumentSchemas(ApiDocument.load().json());

    private static Optional<CanaryStanding> standing(CanaryVerdict verdict) {
        return Optional.of(new CanaryStanding(
                "acme",
                "r1",
                "sha256:0",
                false,
                1,
                START,
                12,
                3,
                List.of("a doubt"),
                null,
                VerdictJson.of(verdict),
                false));
    }

    /** Each bucket has three times as many errors in the canary, and all else alike. */
    private static Map<String, ? extends MetricBucket> bucket() {
        Histogram alike = Histogram.ofBuckets(new double[] {0.1, 0.5}, new long[] {800, 950}, 1000);
        return Map.of(
                "errors", new RatioBucket(20, 1000, 60, 1000),
                "duration", new HistogramBucket(alike, alike),
                "cpu", new GaugeBucket(0.5, 0.5));
    }

    private static void assertDocumented(Optional<CanaryStanding> standing) {
        assertThat(SCHEMAS.violations("/components/schemas/Canary", ShownRun.whole(RUN, standing)))
                .isEmpty();
        assertThat(SCHEMAS.violations("/components/schemas/CanarySummary", ShownRun.brief(RUN, standing)))
                .isEmpty();
    }

    @Test
    void aRunIsPending_whileNothingIsSaidOfIt() {
        ObjectNode shown = ShownRun.whole(RUN, Optional.empty());

        assertDocumented(Optional.empty());
        assertThat(shown.path("state").asText()).isEqualTo("Pending");
        assertThat(shown.path("stages")).hasSize(1);
        assertThat(ShownRun.isDecided(Optional.empty())).isFalse();
    }

    @Test
    void eachVerdictOfARunIsDocumented_fromTheFirstToTheLast() {
        var run = new CanaryRun(CONFIG, START);
        assertDocumented(standing(run.verdict(START)));
        Instant now = START;
        for (int i = 0; i < 40 && !run.isLatched(); i++) {
            run.add(now, bucket());
            now = now.plus(CONFIG.bucket());
            Optional<CanaryStanding> standing = standing(run.verdict(now));
            assertDocumented(standing);
            assertThat(ShownRun.isDecided(standing)).isEqualTo(run.isLatched());
        }

        ObjectNode last = ShownRun.whole(RUN, standing(run.verdict(now)));
        assertThat(last.path("state").asText()).isEqualTo("Failed");
        assertThat(last.path("late").asLong()).isEqualTo(3);
        assertThat(last.path("metrics")).hasSize(3);
        assertThat(last.at("/metrics/2/scale").asText()).isEqualTo("log");
        assertThat(ShownRun.isDecided(standing(run.verdict(now)))).isTrue();
        assertDocumented(standing(new CanaryRun(CONFIG, START).conclude(now)));
    }
}
