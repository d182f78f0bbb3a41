package dev.sluice.gateapi.callers.prometheus;

import static dev.sluice.gateapi.callers.RunFixture.closed;
import static dev.sluice.gateapi.callers.RunFixture.ended;
import static dev.sluice.gateapi.callers.RunFixture.run;
import static dev.sluice.gateapi.callers.RunFixture.stale;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.canary.StandingRun;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The queries that are understood, and the numbers that they give. */
class InstantQueryTest {
    private static final InstantQuery SCORE = InstantQuery.parse("sluice_canary_score{run=\"r1\"}");

    @ParameterizedTest
    @ValueSource(strings = {"vector(1)", " vector( 1 ) "})
    void asksWhetherAnybodyIsThere(String text) {
        assertThat(InstantQuery.parse(text)).isEqualTo(new InstantQuery(null, Map.of()));
    }

    @Test
    void namesANumberOfARun() {
        assertThat(InstantQuery.parse("sluice_canary_log_e{ namespace = \"test\" , name=\"podinfo\",}\n"))
                .isEqualTo(new InstantQuery("sluice_canary_log_e", Map.of("namespace", "test", "name", "podinfo")));
        assertThat(InstantQuery.parse("sluice_canary_estimate{run=\"r1\",metric=\"5xx of the shop\"}")
                        .label("metric"))
                .hasValue("5xx of the shop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | must be vector(1) or a number of a canary run",
                "vector(2) | must be vector(1) or a number of a canary run",
                "up | must be vector(1) or a number of a canary run",
                "sluice_canary_score{run=\"a\"} or vector(1) | must be vector(1) or a number of a canary run",
                "sum(sluice_canary_score{run=\"a\"}) | must be vector(1) or a number of a canary run",
                "up{run=\"a\"} | there is no number up",
                "sluice_canary_score{} | needs the labels run, or namespace and name, and no others",
                "sluice_canary_score{name=\"a\"} | needs the labels run, or namespace and name, and no others",
                "sluice_canary_score{run=\"a\",metric=\"b\"} | needs the labels run",
                "sluice_canary_estimate{run=\"a\"} | needs the labels run, or namespace and name, and metric",
                "sluice_canary_score{run=~\"a\"} | labels must be written",
                "sluice_canary_score{run=\"a\" run=\"a\"} | labels must be written",
                "sluice_canary_score{run=\"a\",run=\"a\"} | labels must be written",
                "sluice_canary_score{,run=\"a\"} | labels must be written",
                "sluice_canary_score{run=\"\"} | labels must be written",
            })
    void allElseIsRefused(String text, String reason) {
        assertThatThrownBy(() -> InstantQuery.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"PENDING, 0.5", "RUNNING, 0.5", "SUCCESSFUL, 1", "FAILED, 0", "INCONCLUSIVE, ", "ERROR, "})
    void theScoreSaysHowGoodACanaryIsProvenToBe(CanaryState state, Double score) {
        assertThat(RunNumbers.of(SCORE, run(state)).orElse(null)).isEqualTo(score);
    }

    @Test
    void numbersAreThoseOfTheVerdict() {
        StandingRun run = run(CanaryState.RUNNING);

        assertThat(RunNumbers.of(InstantQuery.parse("sluice_canary_log_e{run=\"r1\"}"), run))
                .hasValue(1.5);
        assertThat(RunNumbers.of(InstantQuery.parse("sluice_canary_estimate{run=\"r1\",metric=\"errors\"}"), run))
                .hasValue(2.25);
        assertThat(RunNumbers.of(InstantQuery.parse("sluice_canary_estimate{run=\"r1\",metric=\"cpu\"}"), run))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sluice_canary_score{run=\"r1\"}",
                "sluice_canary_log_e{run=\"r1\"}",
                "sluice_canary_estimate{run=\"r1\",metric=\"errors\"}"
            })
    void whatIsNotOfThePresentHasNoNumber(String text) {
        InstantQuery query = InstantQuery.parse(text);
        for (CanaryState state : CanaryState.values()) {
            assertThat(RunNumbers.of(query, stale(run(state)))).isEmpty();
            assertThat(RunNumbers.of(query, ended(run(state)))).isEmpty();
            assertThat(RunNumbers.of(query, closed(run(state))).isPresent()).isEqualTo(state == CanaryState.FAILED);
        }
    }

    /** Neither a crash nor an endless search comes of anything that is sent. */
    @Tag("many")
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverIsSentIsAQueryOrRefused(long seed) {
        List<String> parts = List.of(
                "sluice_canary_score", "{", "}", "run", "=", "\"", "a", ",", " ", "\\", "\n", "vector(1)", "name", "é");
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String text = Stream.generate(() -> parts.get(random.nextInt(parts.size())))
                    .limit(random.nextInt(14))
                    .collect(Collectors.joining());
            try {
                assertThat(InstantQuery.parse(text))
                        .as("seed %d: %s", seed, text)
                        .isNotNull();
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed %d: %s", seed, text).hasMessageMatching("(?s).+");
            }
        }
        String many = "sluice_canary_score{" + "run=\"a\",".repeat(2000) + "}";
        assertThatThrownBy(() -> InstantQuery.parse(many)).isInstanceOf(IllegalArgumentException.class);
    }
}
