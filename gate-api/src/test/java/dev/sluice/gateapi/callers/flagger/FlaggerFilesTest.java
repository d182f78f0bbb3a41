package dev.sluice.gateapi.callers.flagger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.callers.ControllerFiles;
import dev.sluice.gateapi.callers.Rollout;
import dev.sluice.gateapi.document.ApiDocument;
import dev.sluice.gateapi.document.DocumentSchemas;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.Json;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The files for Flagger are requests that are understood. */
class FlaggerFilesTest {
    private static final DocumentSchemas SCHEMAS =
            new DocumentSchemas(ApiDocument.load().json());
    private static final JsonNode ANALYSIS =
            ControllerFiles.read("flagger/canary.yaml").at("/spec/analysis");

    private static ObjectNode payload(JsonNode webhook) {
        ObjectNode payload = Json.mapper().createObjectNode();
        payload.put("name", "podinfo").put("namespace", "test");
        payload.put("phase", "Progressing").put("checksum", "85d557f47b");
        payload.set("metadata", webhook.path("metadata"));
        return payload;
    }

    /** An answer of one type to a hook of another could roll back what is all right. */
    @Test
    void eachHookHasTheUrlOfItsType() {
        List<String> types = new ArrayList<>();
        for (JsonNode webhook : ANALYSIS.path("webhooks")) {
            String type = webhook.path("type").asText();
            types.add(type);
            assertThat(URI.create(webhook.path("url").asText()).getPath()).isEqualTo("/v1/flagger/" + type);
            assertThat(FlaggerHook.of(type)).isPresent();
        }
        assertThat(types)
                .containsExactly(
                        "confirm-rollout",
                        "pre-rollout",
                        "rollout",
                        "confirm-traffic-increase",
                        "confirm-promotion",
                        "rollback",
                        "post-rollout");
    }

    @Test
    void eachHookIsUnderstood_andCarriesAToken() {
        for (JsonNode webhook : ANALYSIS.path("webhooks")) {
            ObjectNode payload = payload(webhook);

            assertThat(SCHEMAS.violations("/components/schemas/FlaggerHook", payload))
                    .isEmpty();
            assertThat(FlaggerPayload.token(payload)).isEqualTo("slc_replace_me");
            assertThat(FlaggerPayload.read(payload).rollout())
                    .isEqualTo(new Rollout("flagger", "test", "podinfo", "85d557f47b"));
        }
    }

    @Test
    void theConfigThatStartsTheRunIsValid() {
        for (JsonNode webhook : ANALYSIS.path("webhooks")) {
            if (webhook.path("type").asText().matches("pre-rollout|confirm-rollout")) {
                ObjectNode start = FlaggerPayload.read(payload(webhook)).start();

                assertThat(CanaryConfigs.load()
                                .read(start.path("config"), List.of())
                                .violations())
                        .isEmpty();
                assertThat(SCHEMAS.violations("/components/schemas/CanaryStart", start))
                        .isEmpty();
                assertThat(start.path("environment").asText()).isEqualTo("production");
                assertThat(start.path("canary").asText()).isEqualTo("85d557f47b");
            }
        }
    }

    /** Flagger asks one hook after the other within a tick. */
    @Test
    void theHooksFitIntoAnInterval() {
        Duration all = Duration.ZERO;
        for (JsonNode webhook : ANALYSIS.path("webhooks")) {
            all = all.plus(Duration.parse("PT" + webhook.path("timeout").asText()));
        }
        assertThat(all)
                .isLessThan(Duration.parse("PT" + ANALYSIS.path("interval").asText()));
    }

    @Test
    void theMetricTemplateAsksForANumberThatThereIs() {
        JsonNode template = ControllerFiles.read("flagger/metric-template.yaml").path("spec");
        String query = template.path("query")
                .asText()
                .replace("{{ namespace }}", "test")
                .replace("{{ name }}", "podinfo");

        assertThat(template.at("/provider/type").asText()).isEqualTo("prometheus");
        assertThat(query).isEqualTo("sluice_canary_score{namespace=\"test\",name=\"podinfo\"}");
    }

    @Test
    void whatIsNotSaidHasADefault() throws Exception {
        JsonNode payload = Json.mapper()
                .readTree("{\"name\":\"podinfo\",\"namespace\":\"test\",\"checksum\":\"1\",\"metadata\":"
                        + "{\"config\":\"{\\\"metrics\\\":[]}\"}}");

        ObjectNode start = FlaggerPayload.read(payload).start();

        assertThat(start.path("service").asText()).isEqualTo("podinfo");
        assertThat(start.path("environment").asText()).isEqualTo("test");
        assertThat(start.path("canary").asText()).isEqualTo("1");
        assertThat(start.has("baseline")).isFalse();
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        assertRefused("[]", "the body must be an object");
        assertRefused("{\"namespace\":\"test\",\"checksum\":\"1\"}", "/name: name must be a text");
        assertRefused("{\"name\":\"a\",\"namespace\":7,\"checksum\":\"1\"}", "/namespace: namespace must be a text");
        assertRefused("{\"name\":\"a\",\"namespace\":\"b\",\"checksum\":\" \"}", "/checksum: checksum must be a text");
        assertRefused(
                "{\"name\":\"a\",\"namespace\":\"b\",\"checksum\":\"1\",\"metadata\":[]}",
                "/metadata: metadata must be an object");
        assertRefused(
                "{\"name\":\"a\",\"namespace\":\"b\",\"checksum\":\"1\"}", "/metadata/config: metadata must have");
        assertRefused(
                "{\"name\":\"a\",\"namespace\":\"b\",\"checksum\":\"1\",\"metadata\":{\"config\":\"{\"}}",
                "/metadata/config: not JSON");
    }

    private static void assertRefused(String body, String line) throws Exception {
        JsonNode payload = Json.mapper().readTree(body);
        assertThatThrownBy(() -> FlaggerPayload.read(payload).start())
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.line()).startsWith(line));
    }
}
