package dev.sluice.gateapi.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryState;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs as callers with a protocol of their own are told of them. */
class StandingRunTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant FRESH_UNTIL = START.plusSeconds(60);
    private static final CanaryRuns.Run RUN = new CanaryRuns.Run(
            "acme",
            "r1",
            new CanaryRunDocument(
                    "checkout",
                    "production",
                    null,
                    "1.5.0",
                    Json.mapper().createObjectNode(),
                    "sha256:0",
                    START,
                    List.of(START.plusSeconds(30)),
                    null));

    private static Optional<CanaryStanding> said(String state, boolean ended, String... reasons) {
        ObjectNode verdict = Json.mapper().createObjectNode().put("state", state);
        List.of(reasons).forEach(verdict.putArray("reasons")::add);
        return Optional.of(new CanaryStanding(
                "acme", "r1", "sha256:0", ended, 1, FRESH_UNTIL, 9, 0, List.of(), null, verdict, false));
    }

    @Test
    void isPending_andSaysNothingOfThePresent_whileNothingWasSaid() {
        StandingRun run = StandingRun.of(RUN, Optional.empty(), START);

        assertThat(run.state()).isEqualTo(CanaryState.PENDING);
        assertThat(run.reason()).isEqualTo("nothing has been judged yet");
        assertThat(run.isFresh()).isFalse();
        assertThat(run.isClosed()).isFalse();
        assertThat(run.stages()).isEqualTo(1);
        assertThat(run.verdict()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(CanaryState.class)
    void standsAsWasSaid(CanaryState state) {
        StandingRun run = StandingRun.of(RUN, said(state.label(), false, "first", "second"), START);

        assertThat(run.state()).isEqualTo(state);
        assertThat(run.reason()).isEqualTo("first");
    }

    @Test
    void aStateThatIsNotKnownIsAnError() {
        assertThat(StandingRun.of(RUN, said("Excellent", false), START).state()).isEqualTo(CanaryState.ERROR);
    }

    @Test
    void whatWasNotSaidAgainIsOfThePast_unlessItIsTheLastWord() {
        assertThat(StandingRun.of(RUN, said("Running", false), FRESH_UNTIL).isFresh())
                .isTrue();
        assertThat(StandingRun.of(RUN, said("Running", false), FRESH_UNTIL.plusMillis(1))
                        .isFresh())
                .isFalse();
        StandingRun last = StandingRun.of(RUN, said("Failed", true), FRESH_UNTIL.plusSeconds(86_400));
        assertThat(last.isFresh()).isTrue();
        assertThat(last.isClosed()).isTrue();
        assertThat(last.isEnded()).isFalse();
    }
}
