package dev.sluice.rollbackjob;

import static dev.sluice.rollbackjob.Rows.KEY;
import static dev.sluice.rollbackjob.Rows.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollbackjob.state.RunInput;
import dev.sluice.rollbackjob.state.SeriesInput;
import dev.sluice.rollbackjob.state.SeriesInput.What;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunFunctionTest {
    private final KeyedOneInputStreamOperatorTestHarness<String, RunInput, SeriesInput> harness;

    RunFunctionTest() throws Exception {
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new RunFunction()), RunInput::key, Types.STRING);
    }

    @BeforeEach
    void open() throws Exception {
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private void document(@Nullable Instant endedAt) throws Exception {
        harness.processElement(DecodeFunctionTest.input(Rows.run("r1", endedAt)), 0);
    }

    private void standing(@Nullable String state, Instant at) throws Exception {
        CanaryStanding standing = Rows.standing("r1", state, at);
        harness.processElement(new RunInput(standing.key(), "default", "r1", null, Json.bytes(standing)), 0);
    }

    private List<RollbackTrigger> triggers() {
        return harness.extractOutputValues().stream()
                .filter(input -> input.what() == What.FAILED_CANARY)
                .map(input -> Json.read(input.content(), RollbackTrigger.class))
                .toList();
    }

    @Test
    void aFailedCanaryIsToldToItsService() throws Exception {
        document(null);
        standing("Running", NOON);
        standing("Failed", NOON.plusSeconds(10));

        assertThat(triggers())
                .containsExactly(
                        RollbackTrigger.failedCanary("r1", NOON.plusSeconds(10), "errors: 3 %", "v2", "v3", false));
        assertThat(harness.extractOutputValues()).extracting(SeriesInput::key).containsOnly(KEY);
    }

    @Test
    void theVerdictMayComeBeforeTheRun() throws Exception {
        standing("Failed", NOON);
        assertThat(harness.extractOutputValues()).isEmpty();

        document(null);

        assertThat(triggers()).hasSize(1);
    }

    @Test
    void aVerdictThatIsSaidAgainIsToldAgainAndAStageThatBeginsIsNot() throws Exception {
        document(null);
        standing("Failed", NOON);
        document(null);
        standing("Failed", NOON.plusSeconds(10));

        assertThat(triggers()).extracting(RollbackTrigger::at).containsExactly(NOON, NOON.plusSeconds(10));
    }

    @Test
    void theEndOfTheRolloutIsToldOnce() throws Exception {
        document(null);
        document(NOON);
        document(NOON);

        assertThat(harness.extractOutputValues()).singleElement().satisfies(input -> {
            assertThat(input.what()).isEqualTo(What.CANARY_OVER);
            assertThat(new String(input.content(), StandardCharsets.UTF_8)).isEqualTo("r1");
        });
    }

    @Test
    void aVerdictAfterTheEndSaysThatItIsOver() throws Exception {
        document(NOON);
        standing("Failed", NOON);

        assertThat(triggers())
                .singleElement()
                .satisfies(trigger -> assertThat(trigger.over()).isTrue());
    }

    @Test
    void whatCannotBeReadIsPassedOver() throws Exception {
        harness.processElement(new RunInput("default/r1", "default", "r1", new byte[] {'{'}, null), 0);
        document(null);
        standing("Failed", NOON);

        assertThat(triggers()).hasSize(1);
    }

    @Test
    void nothingIsKeptOfARunThatIsForgotten() throws Exception {
        document(NOON);
        standing("Failed", NOON);
        assertThat(harness.numKeyedStateEntries()).isEqualTo(1);

        standing(null, NOON);

        assertThat(harness.numKeyedStateEntries()).isZero();
    }
}
