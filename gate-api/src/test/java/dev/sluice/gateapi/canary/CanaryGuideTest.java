package dev.sluice.gateapi.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.CanaryVerdict;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canary.intake.BucketClock;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds what docs/guides/canary.md says of the phases of a run to what is the case. */
class CanaryGuideTest {
    private static final Path GUIDE = Path.of(System.getProperty("sluice.root"), "docs", "guides", "canary.md");
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final CanaryConfig CONFIG = CanaryConfig.of(List.of(MetricConfig.Ratio.of("errors")));
    private static final RatioBucket BOTH = new RatioBucket(95, 9500, 5, 500);
    private static final RatioBucket BASELINE = new RatioBucket(95, 9500, 0, 0);

    @Test
    void eachPhaseIsSaidAsTheGuideSays() throws IOException {
        List<String> lines = Files.readAllLines(GUIDE);
        for (String said : said()) {
            assertThat(lines).as(said).anyMatch(line -> line.startsWith("| ") && line.contains(said));
        }
        String first = "`" + verdict(3, 3, BOTH).reasons().get(0) + "` (`min_stage`)";
        assertThat(lines).as(first).anyMatch(line -> line.contains(first));
    }

    /** Returns state and reason of each phase as cells of a row. */
    private static List<String> said() {
        List<String> said = new ArrayList<>();
        said.add("`" + StandingRun.of(run(null), Optional.empty(), START).reason() + "`");
        said.add(cells(verdict(3, 3, BOTH), 1));
        said.add(cells(verdict(9, 9, BASELINE), 0));
        said.add(cells(verdict(9, 9, BOTH), 0));
        said.add(cells(verdict(14, 14, BOTH), 0));
        said.add(cells(verdict(20, 51, BOTH), 0));
        CanaryStanding ending = EndingRun.standing(
                run(Instant.parse("2026-03-01T12:05:03Z")), Optional.empty(), CONFIG, BucketClock.of(CONFIG.bucket()));
        said.add("`"
                + Objects.requireNonNull(ending.verdict())
                        .path("reasons")
                        .path(0)
                        .asText() + "`");
        return said;
    }

    private static String cells(CanaryVerdict verdict, int reason) {
        return "| " + verdict.state().label() + " | `" + verdict.reasons().get(reason) + "` |";
    }

    /** Returns the verdict when so many buckets have passed, of which the first ones had data. */
    private static CanaryVerdict verdict(int withData, int passed, RatioBucket bucket) {
        var run = new CanaryRun(CONFIG, START);
        for (int i = 0; i < withData; i++) {
            run.add(START.plusSeconds(10L * i), Map.of("errors", bucket));
        }
        return run.verdict(START.plusSeconds(10L * passed));
    }

    private static CanaryRuns.Run run(@Nullable Instant endedAt) {
        var document = new CanaryRunDocument(
                "checkout",
                "production",
                null,
                null,
                Json.mapper().createObjectNode(),
                "sha256:0",
                START,
                List.of(),
                endedAt);
        return new CanaryRuns.Run("acme", "r1", document);
    }
}
