package dev.sluice.gateapi.canary;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.intake.BucketClock;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndingRunTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final Instant ENDED = Instant.parse("2026-11-28T12:05:03Z");
    private static final CanaryConfig CONFIG = CanaryConfig.of(List.of(MetricConfig.Ratio.of("errors")));

    /** The bucket of the end ends at 12:05:10, and waits for a minute. */
    @Test
    void theLastBucketIsWaitedFor_andAllElseIsAsItWasSaid() {
        CanaryStanding said = said("Running");

        CanaryStanding ending =
                EndingRun.standing(run(ENDED), Optional.of(said), CONFIG, BucketClock.of(CONFIG.bucket()));

        ObjectNode verdict = requireNonNull(said.verdict()).deepCopy();
        verdict.putArray("reasons")
                .add("ended at 2026-11-28T12:05:03Z; waits for its last bucket, which is due at 2026-11-28T12:06:10Z")
                .add("because");
        assertThat(ending).isEqualTo(said.withVerdict(verdict));
        assertThat(requireNonNull(said.verdict()).path("reasons")).hasSize(1);
    }

    @Test
    void aRunOfWhichNothingWasSaidIsPending_andWaitsToo() {
        CanaryStanding ending =
                EndingRun.standing(run(ENDED), Optional.empty(), CONFIG, BucketClock.of(CONFIG.bucket()));

        StandingRun standing = StandingRun.of(run(ENDED), Optional.of(ending), ENDED);
        assertThat(standing.state().label()).isEqualTo("Pending");
        assertThat(standing.reason()).startsWith("ended at 2026-11-28T12:05:03Z; waits for its last bucket");
        assertThat(standing.isFresh()).isFalse();
        JsonNode shown = ShownRun.whole(run(ENDED), Optional.of(ending));
        assertThat(shown.path("state").asText()).isEqualTo("Pending");
        assertThat(shown.path("reasons")).hasSize(1);
        assertThat(shown.path("closed").asBoolean()).isFalse();
    }

    @Test
    void whatEndsAfterItsHorizonIsWaitedForNoLonger() {
        CanaryStanding ending = EndingRun.standing(
                run(START.plus(Duration.ofDays(3))),
                Optional.of(said("Running")),
                CONFIG,
                BucketClock.of(CONFIG.bucket()));

        assertThat(requireNonNull(ending.verdict()).path("reasons").path(0).asText())
                .endsWith("which is due at 2026-11-29T12:01:10Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Successful", "Failed", "Inconclusive", "Error"})
    void whatIsDecidedWaitsForNothing(String state) {
        assertThat(EndingRun.isOne(run(ENDED), Optional.of(said(state)), ENDED)).isFalse();
    }

    @Test
    void aRunThatGoesOn_orIsForgottenAfterSevenDays_isNoneThatEnds() {
        Instant forgotten = ENDED.plus(Duration.ofDays(7));
        assertThat(EndingRun.isOne(run(null), Optional.of(said("Running")), ENDED))
                .isFalse();
        assertThat(EndingRun.isOne(run(ENDED), Optional.of(said("Running")), ENDED))
                .isTrue();
        assertThat(EndingRun.isOne(run(ENDED), Optional.empty(), forgotten.minusMillis(1)))
                .isTrue();
        assertThat(EndingRun.isOne(run(ENDED), Optional.empty(), forgotten)).isFalse();
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

    private static CanaryStanding said(String state) {
        ObjectNode verdict =
                Json.mapper().createObjectNode().put("state", state).put("log_e", 1.5);
        verdict.putArray("reasons").add("because");
        return new CanaryStanding(
                "acme", "r1", "sha256:0", false, 0, START, 9, 0, List.of("a doubt"), null, verdict, false);
    }
}
