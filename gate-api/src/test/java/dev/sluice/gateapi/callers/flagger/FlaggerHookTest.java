package dev.sluice.gateapi.callers.flagger;

import static dev.sluice.gateapi.callers.RunFixture.beforeTraffic;
import static dev.sluice.gateapi.callers.RunFixture.closed;
import static dev.sluice.gateapi.callers.RunFixture.ended;
import static dev.sluice.gateapi.callers.RunFixture.run;
import static dev.sluice.gateapi.callers.RunFixture.stale;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.canary.StandingRun;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each type of Flagger's webhooks is answered in each state of a run. */
class FlaggerHookTest {
    private static final List<FlaggerHook> COLUMNS = List.of(
            FlaggerHook.PRE_ROLLOUT,
            FlaggerHook.ROLLOUT,
            FlaggerHook.CONFIRM_TRAFFIC_INCREASE,
            FlaggerHook.CONFIRM_PROMOTION,
            FlaggerHook.ROLLBACK);

    /** Of a run that goes on; then of the same before its first step, and so on. */
    private static final String TABLE = """
            |              | pre-rollout | rollout | confirm-traffic-increase | confirm-promotion | rollback |
            | Pending      | 200         | 200     | 409                      | 409               | 409      |
            | Running      | 200         | 200     | 409                      | 409               | 409      |
            | Successful   | 200         | 200     | 200                      | 200               | 409      |
            | Failed       | 403         | 403     | 403                      | 403               | 200      |
            | Inconclusive | 200         | 409     | 409                      | 409               | 409      |
            | Error        | 200         | 409     | 409                      | 409               | 409      |
            | before traffic |
            | Pending      | 200         | 200     | 200                      | 409               | 409      |
            | Running      | 200         | 200     | 200                      | 409               | 409      |
            | Successful   | 200         | 200     | 200                      | 200               | 409      |
            | Failed       | 403         | 403     | 403                      | 403               | 200      |
            | Inconclusive | 200         | 409     | 200                      | 409               | 409      |
            | Error        | 200         | 409     | 409                      | 409               | 409      |
            | stale |
            | Running      | 200         | 409     | 409                      | 409               | 409      |
            | Failed       | 403         | 403     | 403                      | 403               | 200      |
            | closed |
            | Pending      | 412         | 412     | 412                      | 412               | 412      |
            | Running      | 412         | 412     | 412                      | 412               | 412      |
            | Successful   | 412         | 412     | 412                      | 412               | 412      |
            | Failed       | 403         | 403     | 403                      | 403               | 200      |
            | Inconclusive | 412         | 412     | 412                      | 412               | 412      |
            | Error        | 412         | 412     | 412                      | 412               | 412      |
            | ended |
            | Pending      | 412         | 412     | 412                      | 412               | 412      |
            | Running      | 412         | 412     | 412                      | 412               | 412      |
            | Successful   | 412         | 412     | 412                      | 412               | 412      |
            | Failed       | 412         | 412     | 412                      | 412               | 412      |
            | Inconclusive | 412         | 412     | 412                      | 412               | 412      |
            | Error        | 412         | 412     | 412                      | 412               | 412      |
            """;

    private static final Map<String, UnaryOperator<StandingRun>> KINDS = Map.of(
            "",
            run -> run,
            "before traffic",
            run -> beforeTraffic(run),
            "stale",
            run -> stale(run),
            "closed",
            run -> closed(run),
            "ended",
            run -> ended(run));

    static Stream<Arguments> table() {
        Stream.Builder<Arguments> rows = Stream.builder();
        String kind = "";
        for (String line : TABLE.lines().skip(1).toList()) {
            List<String> cells =
                    Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList();
            if (cells.size() == 1) {
                kind = cells.get(0);
                continue;
            }
            for (int i = 0; i < COLUMNS.size(); i++) {
                rows.add(Arguments.of(kind, state(cells.get(0)), COLUMNS.get(i), Integer.parseInt(cells.get(i + 1))));
            }
        }
        return rows.build();
    }

    private static CanaryState state(String label) {
        return CanaryState.valueOf(label.toUpperCase(Locale.ROOT));
    }

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @MethodSource("table")
    void eachStateHasItsAnswer(String kind, CanaryState state, FlaggerHook hook, int status) {
        StandingRun run = requireNonNull(KINDS.get(kind)).apply(run(state));

        FlaggerAnswer answer = hook.answer(Optional.of(run));

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text()).isNotBlank();
    }

    @Test
    void theTableIsComplete() {
        assertThat(table()).hasSize((6 + 6 + 2 + 6 + 6) * COLUMNS.size());
        assertThat(TABLE.lines().findFirst().orElseThrow())
                .matches("\\|\\s*"
                        + String.join(
                                "",
                                COLUMNS.stream()
                                        .map(hook -> "\\| " + hook.type() + "\\s*")
                                        .toList()) + "\\|");
    }

    @Test
    void withoutARunNothingGoesOn_andNothingIsRolledBack() {
        for (FlaggerHook hook : COLUMNS) {
            assertThat(hook.answer(Optional.empty()).status()).as(hook.type()).isEqualTo(412);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"confirm-rollout", "post-rollout", "event"})
    void theseAreAlwaysAYes(String type) {
        FlaggerHook hook = FlaggerHook.of(type).orElseThrow();

        assertThat(hook.answer(Optional.empty()).status()).isEqualTo(200);
        for (CanaryState state : CanaryState.values()) {
            assertThat(hook.answer(Optional.of(run(state))).status()).isEqualTo(200);
        }
    }

    @Test
    void flaggersEightTypesAreKnown_andNoOthers() {
        assertThat(Arrays.stream(FlaggerHook.values()).map(FlaggerHook::type))
                .containsExactlyInAnyOrder(
                        "confirm-rollout",
                        "pre-rollout",
                        "rollout",
                        "confirm-traffic-increase",
                        "confirm-promotion",
                        "post-rollout",
                        "rollback",
                        "event");
        assertThat(FlaggerHook.of("ROLLBACK")).isEmpty();
    }

    @Test
    void aLongReasonIsCut() {
        StandingRun run = run(CanaryState.FAILED);
        var wordy = new StandingRun(
                run.id(), run.startedAt(), 1, false, false, true, run.state(), "x".repeat(5000), run.verdict());

        assertThat(FlaggerHook.ROLLOUT.answer(Optional.of(wordy)).text())
                .hasSize(300)
                .endsWith("…");
    }

    /** Whatever a run is like: it is rolled back if it has failed and its rollout goes on, and only then. */
    @Tag("many")
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void onlyAFailureOfARolloutThatGoesOnIsRolledBack(long seed) {
        var random = new Random(seed);
        CanaryState[] states = CanaryState.values();
        for (int i = 0; i < 20_000; i++) {
            StandingRun of = run(states[random.nextInt(states.length)]);
            var run = new StandingRun(
                    of.id(),
                    of.startedAt(),
                    random.nextInt(4),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    of.state(),
                    of.reason(),
                    of.verdict());

            int status = FlaggerHook.ROLLBACK.answer(Optional.of(run)).status();

            boolean isReason = run.state() == CanaryState.FAILED && !run.isEnded();
            assertThat(status <= 202).as("seed %d, %s", seed, run).isEqualTo(isReason);
            assertThat(status).as("seed %d, %s", seed, run).isLessThan(500).isNotEqualTo(429);
        }
    }
}
