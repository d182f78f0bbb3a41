package dev.sluice.gateapi.callers.kayenta;

import static dev.sluice.gateapi.callers.kayenta.Documents.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
            text("{'name': 'c'}"),
            text("{'thresholds': {}}"),
            new Execution.Named("main", "sluice", "sluice"),
            State.RUNNING,
            START,
            null,
            null,
            null,
            Duration.ofMinutes(61),
            1,
            false);

    private static JsonText text(String json) {
        return JsonText.of(json(json));
    }

    /** Spinnaker polls on for hours, or passes, on any other word. */
    @Test
    void saysOnlyWhatSpinnakerUnderstands() {
        assertThat(Arrays.stream(State.values()).map(State::word))
                .containsExactly("running", "succeeded", "terminal", "canceled");
    }

    @Test
    void isReadFromTheLogAsItWasWritten() {
        Execution done = RUNNING.succeeded(START.plusSeconds(5), text("{'score': {'score': 75.5}}"), true);

        assertThat(fromLog(RUNNING)).isEqualTo(RUNNING);
        assertThat(fromLog(done)).isEqualTo(done);
    }

    @Test
    void documentsAreTextsInTheLog_andMayBeTrees() {
        Execution done = RUNNING.succeeded(START, text("{'score': {'score': 75.5}}"), true);
        ObjectNode document = done.document();

        assertThat(document.path("config").textValue()).isEqualTo("{\"name\":\"c\"}");
        assertThat(document.path("result").isTextual()).isTrue();
        document.set("config", json("{'name': 'c'}"));
        assertThat(Execution.of(control(document))).isEqualTo(done);
        assertThat(done.status("1").at("/result/judgeResult/score/score").doubleValue())
                .isEqualTo(75.5);
    }

    private static Execution fromLog(Execution execution) {
        return Execution.of(Json.read(Json.bytes(control(execution.document())), Control.class));
    }

    private static Control control(JsonNode document) {
        return new Control("t", Control.KAYENTA_EXECUTION, "1", "p", START, false, document);
    }

    private static Outline outline(Execution execution, Instant now) {
        return Outline.of(control(execution.document()), now);
    }

    @Test
    void whatNobodyWorksAtAnyMoreIsTerminal() {
        Instant soon = START.plus(Execution.LIMIT);
        Instant late = START.plus(Duration.ofMinutes(5)).plusMillis(1);

        assertThat(RUNNING.at(soon)).isEqualTo(RUNNING);
        assertThat(outline(RUNNING, soon)).isEqualTo(new Outline("app", State.RUNNING, START, null));
        JsonNode status = RUNNING.at(late).status("1");
        assertThat(status.path("status").asText()).isEqualTo("terminal");
        assertThat(status.path("complete").booleanValue()).isTrue();
        assertThat(status.at("/exception/details/errors/0").asText()).startsWith("the server that judged was stopped");
        assertThat(outline(RUNNING, late))
                .isEqualTo(new Outline("app", State.TERMINAL, START, START.plus(Duration.ofMinutes(5))));
        Execution done = RUNNING.succeeded(START, text("{}"), false);
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
        assertThat(RUNNING.succeeded(START, text("{}"), true)
                        .status("1")
                        .at("/result/canaryDuration")
                        .asText())
                .isEqualTo("PT1H1M");
    }
}
