package dev.sluice.gateapi.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void aConfigThatLearnsBetweenRunsHasNone() {
        assertThat(ConfigPlaceholders.check(((ObjectNode) CONFIG.deepCopy()).put("learn", "always")))
                .extracting(FieldError::pointer)
                .containsExactlyInAnyOrder(
                        "/selectors/baseline", "/selectors/baseline", "/selectors/canary", "/metrics/0/series/events");
    }

    /** A version cannot end the text that it stands in, and select more than it is. */
    @ParameterizedTest
    @ValueSource(strings = {"1\"} or {x=~\".*", "1`,x=~`.*", "1'", "a b", "a|b", ".*", ""})
    void whatCouldEndItsTextIsRefused(String version) {
        JsonNode start = Json.mapper()
                .createObjectNode()
                .put("service", "a")
                .put("environment", "b")
                .put("baseline", "1.4.1-rc1+build/2@sha256:0")
                .put("canary", version);

        ConfigPlaceholders.fill(CONFIG, start, errors);

        assertThat(errors).extracting(FieldError::pointer).containsExactly("/selectors/canary");
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }
}
