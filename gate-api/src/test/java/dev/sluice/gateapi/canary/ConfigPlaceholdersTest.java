package dev.sluice.gateapi.canary;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigPlaceholdersTest {
    private static final JsonNode CONFIG = json("""
            {"selectors": {"baseline": "{app=\\"${service}\\",version=\\"${baseline}\\"}", "canary": "{version='${canary}'}"},
             "metrics": [{"name": "${canary}", "kind": "ratio",
               "series": {"events": "errors{env=`${environment}`}", "exposure": "requests"}}]}""");

    private final List<FieldError> errors = new ArrayList<>();

    @Test
    void aStartSaysWhatTheyStandFor() {
        JsonNode filled = ConfigPlaceholders.fill(
                CONFIG,
                json(
                        "{\"service\": \"checkout\", \"environment\": \"production\", \"baseline\": \"1\", \"canary\": \"2\"}"),
                errors);

        assertThat(errors).isEmpty();
        assertThat(filled.at("/selectors/baseline").textValue()).isEqualTo("{app=\"checkout\",version=\"1\"}");
        assertThat(filled.at("/selectors/canary").textValue()).isEqualTo("{version='2'}");
        assertThat(filled.at("/metrics/0/series/events").textValue()).isEqualTo("errors{env=`production`}");
        assertThat(filled.at("/metrics/0/name").textValue())
                .as("selectors only")
                .isEqualTo("${canary}");
        assertThat(CONFIG.at("/selectors/canary").textValue()).isEqualTo("{version='${canary}'}");
    }

    @Test
    void whatIsNotSaidIsNamed() {
        ConfigPlaceholders.fill(
                CONFIG,
                json("{\"service\": \"checkout\", \"environment\": \"production\", \"canary\": \"2\"}"),
                errors);

        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo("/selectors/baseline");
            assertThat(error.detail()).isEqualTo("${baseline} stands for what the start does not say");
        });
    }

    @Test
    void othersAreRefused() {
        assertThat(ConfigPlaceholders.check(json("{\"selectors\": {\"canary\": \"{version=\\\"${cannary}\\\"}\"}}")))
                .extracting(FieldError::pointer)
                .containsExactly("/selectors/canary");
        assertThat(ConfigPlaceholders.check(CONFIG)).isEmpty();
    }

    /** A version cannot end the text that it stands in, and select more than it is. */
    @Test
    void aValueStaysAValue() {
        String version = "1\"} or {x=~\".*\\";
        JsonNode start = Json.mapper()
                .createObjectNode()
                .put("service", "a")
                .put("environment", "b")
                .put("baseline", version)
                .put("canary", "it's");

        JsonNode filled = ConfigPlaceholders.fill(CONFIG, start, errors);

        assertThat(errors).isEmpty();
        CanaryConfigs.Result read = CanaryConfigs.load().read(filled, List.of());
        CanarySelection selection =
                requireNonNull(read.selection(), () -> read.violations().toString());
        assertThat(selection.baseline().matches(Map.of("app", "a", "version", version)))
                .isTrue();
        assertThat(selection.canary().matches(Map.of("version", "it's"))).isTrue();
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }
}
