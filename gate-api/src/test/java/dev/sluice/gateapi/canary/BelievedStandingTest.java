package dev.sluice.gateapi.canary;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BelievedStandingTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final Instant FRESH_UNTIL = START.plusSeconds(900);

    @Test
    void aPassOfThisStageIsShown() {
        CanaryStanding said = said("Successful", 1, false);
        assertThat(BelievedStanding.of(run(1), said, FRESH_UNTIL, FRESH_UNTIL)).isEqualTo(said);
    }

    @Test
    void aPassOfTheStageBeforeIsPending() {
        JsonNode verdict = verdict(BelievedStanding.of(run(2), said("Successful", 1, false), START, START));
        assertThat(verdict.path("state").asText()).isEqualTo("Pending");
        assertThat(verdict.path("reasons").path(0).asText())
                .isEqualTo("nothing of the stage that began at 2026-11-28T12:10:00Z was judged yet");
        assertThat(verdict.path("log_e").asDouble()).isEqualTo(1.5);
    }

    @Test
    void aPassThatWasNotSaidAgainIsInconclusive() {
        JsonNode verdict = verdict(BelievedStanding.of(
                run(0), said("Successful", 0, false), FRESH_UNTIL.plusMillis(1), FRESH_UNTIL.plusMillis(1)));
        assertThat(verdict.path("state").asText()).isEqualTo("Inconclusive");
        assertThat(verdict.path("reasons").path(0).asText())
                .startsWith("nothing was judged since 2026-11-28T12:14:00Z");
    }

    @Test
    void aReplicaThatDoesNotReadBelievesNoPass() {
        CanaryStanding said = said("Successful", 1, false);
        assertThat(BelievedStanding.of(run(1), said, START.minusSeconds(10), START))
                .isEqualTo(said);
        JsonNode verdict = verdict(BelievedStanding.of(run(1), said, START.minusMillis(10_001), START));
        assertThat(verdict.path("state").asText()).isEqualTo("Inconclusive");
        assertThat(verdict.path("reasons").path(0).asText()).contains("has not read the log to its end");
    }

    @Test
    void theLastWordStays() {
        CanaryStanding said = said("Successful", 0, true);
        assertThat(BelievedStanding.of(run(0), said, FRESH_UNTIL.plusSeconds(86_400), FRESH_UNTIL.plusSeconds(86_400)))
                .isEqualTo(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Failed", "Error", "Inconclusive", "Running", "Pending"})
    void whatIsNoPassIsShownAsItWasSaid(String state) {
        CanaryStanding said = said(state, 0, false);
        assertThat(BelievedStanding.of(run(2), said, FRESH_UNTIL.plusSeconds(1), FRESH_UNTIL.plusSeconds(1)))
                .isEqualTo(said);
    }

    private static CanaryRuns.Run run(int stages) {
        List<Instant> begun =
                List.of(START.plusSeconds(300), START.plusSeconds(600)).subList(0, stages);
        var document = new CanaryRunDocument(
                "checkout", "production", null, null, Json.mapper().createObjectNode(), "sha256:0", START, begun, null);
        return new CanaryRuns.Run("acme", "r1", document);
    }

    private static CanaryStanding said(String state, int stages, boolean ended) {
        JsonNode verdict = Json.mapper()
                .createObjectNode()
                .put("state", state)
                .put("at", "2026-11-28T12:14:00Z")
                .put("log_e", 1.5);
        return new CanaryStanding(
                "acme", "r1", "sha256:0", ended, stages, FRESH_UNTIL, 9, 0, List.of(), null, verdict, false);
    }

    private static JsonNode verdict(CanaryStanding standing) {
        return requireNonNull(standing.verdict());
    }
}
