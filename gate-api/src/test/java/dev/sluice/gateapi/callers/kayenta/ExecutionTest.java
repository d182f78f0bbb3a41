package dev.sluice.gateapi.callers.kayenta;

import static dev.sluice.gateapi.callers.kayenta.Documents.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.kayenta.Execution.State;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExecutionTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00.123Z");
    private static final Execution RUNNING = new Execution(
            "app",
            "parent",
            null,
            json("{'name': 'c'}"),
            json("{'thresholds': {}}"),
            new Execution.Named("main", "sluice", "sluice"),
            State.RUNNING,
            START,
            null,
            null,
            null,
            Duration.ofMinutes(61),
            1,
            false);

    /** Spinnaker polls on for hours, or passes, on any other word. */
    @Test
    void saysOnlyWhatSpinnakerUnderstands() {
        assertThat(Arrays.stream(State.values()).map(State::word))
                .containsExactly("running", "succeeded", "terminal", "canceled");
    }

    @Test
    void isReadFromTheLogAsItWasWritten() {
        Execution done = RUNNING.succeeded(START.plusSeconds(5), json("{'score': {'score': 75.5}}"), true);

        assertThat(fromLog(RUNNING)).isEqualTo(RUNNING);
        assertThat(fromLog(done)).isEqualTo(done);
    }

    private static Execution fromLog(Execution execution) {
        var control = new Control("t", Control.KAYENTA_EXECUTION, "1", "p", START, false, execution.document());
        return Execution.of(Json.read(Json.bytes(control), Control.class));
    }

    @Test
    void whatNobodyWorksAtAnyMoreIsTerminal() {
        Instant soon = START.plus(Execution.LIMIT);
        Instant late = START.plus(Duration.ofMinutes(5)).plusMillis(1);

        assertThat(RUNNING.at(soon)).isEqualTo(RUNNING);
        assertThat(RUNNING.ending(soon)).isEmpty();
        JsonNode status = RUNNING.at(late).status("1");
        assertThat(status.path("status").asText()).isEqualTo("terminal");
        assertThat(status.path("complete").booleanValue()).isTrue();
        assertThat(status.at("/exception/details/errors/0").asText()).startsWith("the server that judged was stopped");
        assertThat(RUNNING.ending(late)).contains(START.plus(Duration.ofMinutes(5)));
        Execution done = RUNNING.succeeded(START, json("{}"), false);
        assertThat(done.at(late)).isEqualTo(done);
    }

    @Test
    void tellsTheStagesAndTheTimes() {
        JsonNode status = RUNNING.status("1");

        assertThat(status.path("stageStatus"))
                .isEqualTo(
                        json("{'setupContext': 'succeeded', 'fetchControl0': 'running', 'fetchExperiment0': 'running',"
                                + " 'mixMetrics': 'not_started', 'judge': 'not_started'}"));
        assertThat(status.path("startTimeIso").asText()).isEqualTo("2026-03-01T12:00:00.123Z");
        assertThat(status.path("startTimeMillis").longValue()).isEqualTo(START.toEpochMilli());
        assertThat(status.has("endTimeIso")).isFalse();
        assertThat(status.has("canaryConfigId")).isFalse();
        assertThat(RUNNING.succeeded(START, json("{}"), true)
                        .status("1")
                        .at("/result/canaryDuration")
                        .asText())
                .isEqualTo("PT1H1M");
    }
}
