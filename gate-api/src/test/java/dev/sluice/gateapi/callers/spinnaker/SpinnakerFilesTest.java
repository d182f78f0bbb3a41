package dev.sluice.gateapi.callers.spinnaker;

import static dev.sluice.gateapi.callers.RunFixture.closed;
import static dev.sluice.gateapi.callers.RunFixture.ended;
import static dev.sluice.gateapi.callers.RunFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.callers.ControllerFiles;
import dev.sluice.gateapi.document.ApiDocument;
import dev.sluice.gateapi.document.DocumentSchemas;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Webhook stage of Spinnaker: what it is answered, and that the pipeline's file goes with that. */
class SpinnakerFilesTest {
    private static final JsonNode DOCUMENT = ApiDocument.load().json();
    private static final DocumentSchemas SCHEMAS = new DocumentSchemas(DOCUMENT);
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(.*?)}(?!\\))");
    private static final JsonNode STAGES = ControllerFiles.parsed(EXPRESSION
                    .matcher(ControllerFiles.text("spinnaker/pipeline.json"))
                    .replaceAll(expression -> Matcher.quoteReplacement(
                            switch (expression.group(1)) {
                                case "execution['id'].toLowerCase()" ->
                                    "01JMK4Z7Q8W9X2Y3V4T5R6S7P8".toLowerCase(Locale.ROOT);
                                case "parameters['baseline']" -> "1.4.0";
                                case "parameters['canary']" -> "1.5.0";
                                default -> throw new AssertionError("no value for " + expression.group(1));
                            })))
            .path("stages");
    private static final JsonNode JUDGE = STAGES.get(0);

    @ParameterizedTest
    @CsvSource({
        "PENDING, RUNNING, TERMINAL",
        "RUNNING, RUNNING, TERMINAL",
        "SUCCESSFUL, SUCCEEDED, SUCCEEDED",
        "FAILED, TERMINAL, TERMINAL",
        "INCONCLUSIVE, RUNNING, TERMINAL",
        "ERROR, TERMINAL, TERMINAL",
    })
    void eachStateHasItsStatus(CanaryState state, String status, String lastStatus) throws IOException {
        assertThat(StageStatus.of(run(state)).status()).isEqualTo(status);
        assertThat(StageStatus.of(closed(run(state))).status()).isEqualTo(lastStatus);
        assertThat(StageStatus.of(ended(run(state))).status()).isEqualTo(lastStatus);
        assertThat(Json.mapper().readTree(Json.bytes(StageStatus.of(run(state)))))
                .isEqualTo(Json.mapper()
                        .readTree(
                                "{\"status\":\"%s\",\"progress\":\"%s: because\",\"state\":\"%s\",\"run\":\"r1\",\"link\":\"/v1/canaries/r1\"}"
                                        .formatted(status, state.label(), state.label())));
    }

    @Test
    void theStageStartsARun_andPollsTheSameUrl() {
        JsonNode path = DOCUMENT.path("paths").path("/v1/spinnaker/canaries/{id}");

        assertThat(JUDGE.path("type").asText()).isEqualTo("webhook");
        assertThat(JUDGE.path("method").asText()).isEqualTo("POST");
        assertThat(URI.create(JUDGE.path("url").asText()).getPath())
                .isEqualTo("/v1/spinnaker/canaries/01jmk4z7q8w9x2y3v4t5r6s7p8");
        assertThat(path.has("post")).isTrue();
        assertThat(path.has("get")).isTrue();
        assertThat(JUDGE.path("waitForCompletion").asBoolean()).isTrue();
        assertThat(JUDGE.path("statusUrlResolution").asText()).isEqualTo("getMethod");
        assertThat(JUDGE.at("/customHeaders/Authorization").asText()).startsWith("Bearer ");
    }

    @Test
    void thePayloadIsTheStartOfARun() {
        assertThat(SCHEMAS.violations("/components/schemas/CanaryStart", JUDGE.path("payload")))
                .isEmpty();
        assertThat(CanaryConfigs.load()
                        .read(JUDGE.at("/payload/config"), List.of())
                        .violations())
                .isEmpty();
    }

    /** Without a path each answer would be a success. */
    @Test
    void theStatusIsReadFromTheAnswer_andEachOneMeansSomething() {
        JsonNode answer = DOCUMENT.at("/components/schemas/StageStatus/properties");
        Set<String> statuses = Set.of("RUNNING", "SUCCEEDED", "TERMINAL");

        assertThat(answer.path("status").path("enum"))
                .map(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(statuses);
        assertThat(JUDGE.path("statusJsonPath").asText()).isEqualTo("$.status");
        assertThat(JUDGE.path("progressJsonPath").asText()).isEqualTo("$.progress");
        assertThat(answer.at("/progress/type").asText()).isEqualTo("string");
        assertThat(JUDGE.path("successStatuses").asText()).isEqualTo("SUCCEEDED");
        assertThat(JUDGE.path("terminalStatuses").asText()).isEqualTo("TERMINAL");
        assertThat(JUDGE.path("failPipeline").asBoolean()).isTrue();
        assertThat(JUDGE.path("continuePipeline").asBoolean()).isFalse();
    }

    @Test
    void theLastStageEndsTheRun() {
        JsonNode end = STAGES.get(1);

        assertThat(STAGES).hasSize(2);
        assertThat(end.path("requisiteStageRefIds").get(0).asText())
                .isEqualTo(JUDGE.path("refId").asText());
        assertThat(URI.create(end.path("url").asText()).getPath())
                .isEqualTo("/v1/canaries/01jmk4z7q8w9x2y3v4t5r6s7p8/end");
        assertThat(SCHEMAS.violations("/components/schemas/CanaryChange", end.path("payload")))
                .isEmpty();
    }
}
