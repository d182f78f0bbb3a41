package dev.sluice.sources.cdevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Summary;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Events as producers send them, and the conformance files of CDEvents, which stand outside of the repository. */
class CdEventsSamplesTest {
    private static final String DEPLOYED =
            "SUCCESS /event/source/123/271069a8-fc18-44f1-b38f-9d70a1695819 mySubject123 test123 2023-03-20T14:27:05.315Z";
    private static final String WITHOUT_DEPLOYMENT = "IGNORED PIPELINE_WITHOUT_DEPLOYMENT";
    private static final String INCIDENT =
            "incident %s /monitoring/prod1/incident-123 myApp prod1 2022-11-11T13:52:20.079Z";
    private static final String CHANGE = "pull request %s TestRepo/TestOrg#mySubject123 2023-03-20T14:27:05.315Z";

    /** All others of 0.5.1 are ignored as events that no metric uses yet. */
    private static final Map<String, String> USED = Map.ofEntries(
            Map.entry("v0_5_1_service_deployed", DEPLOYED),
            Map.entry("v0_5_1_service_upgraded", DEPLOYED),
            Map.entry("v0_5_1_service_rolledback", DEPLOYED),
            Map.entry("v0_5_1_pipelinerun_queued", WITHOUT_DEPLOYMENT),
            Map.entry("v0_5_1_pipelinerun_started", WITHOUT_DEPLOYMENT),
            Map.entry("v0_5_1_pipelinerun_finished", WITHOUT_DEPLOYMENT),
            Map.entry("v0_5_1_incident_detected", INCIDENT.formatted("DETECTED")),
            Map.entry("v0_5_1_incident_reported", INCIDENT.formatted("ACKNOWLEDGED")),
            Map.entry("v0_5_1_incident_resolved", INCIDENT.formatted("RESOLVED")),
            Map.entry("v0_5_1_change_created", CHANGE.formatted("OPENED")),
            Map.entry("v0_5_1_change_reviewed", CHANGE.formatted("REVIEWED")),
            Map.entry("v0_5_1_change_merged", CHANGE.formatted("MERGED")),
            Map.entry("v0_5_1_change_abandoned", CHANGE.formatted("CLOSED")));

    /** What libraries wrote; both have CloudEvents 0.3 around CDEvents, with ids and times of its own. */
    private static final String GENERATED = """
            cdevents_plugin_kinesis_pipelinerun_finished_failure | 0.1.2 | IGNORED PIPELINE_WITHOUT_DEPLOYMENT
            cdevents_plugin_kinesis_pipelinerun_finished_success | 0.1.2 | IGNORED PIPELINE_WITHOUT_DEPLOYMENT
            cdevents_plugin_kinesis_pipelinerun_started          | 0.1.2 | IGNORED PIPELINE_WITHOUT_DEPLOYMENT
            sdk_java_0_3_1_pipelinerun_finished_failure          | 0.3.0 | IGNORED PIPELINE_WITHOUT_DEPLOYMENT
            sdk_java_0_3_1_pipelinerun_finished_success          | 0.3.0 | IGNORED PIPELINE_WITHOUT_DEPLOYMENT
            sdk_java_0_3_1_pipelinerun_started                   | 0.3.0 | IGNORED PIPELINE_WITHOUT_DEPLOYMENT
            """;

    /** The same with what a pipeline adds to say that it deploys, and a timestamp before the receipt. */
    private static final String DEPLOYING = """
            cdevents_plugin_kinesis_pipelinerun_finished_failure | FAILURE job/checkout-deploy/43//43
            cdevents_plugin_kinesis_pipelinerun_finished_success | SUCCESS job/checkout-deploy/42//42
            cdevents_plugin_kinesis_pipelinerun_started          | STARTED job/checkout-deploy/42//42
            sdk_java_0_3_1_pipelinerun_finished_failure          | FAILURE job/checkout-deploy/43//43
            sdk_java_0_3_1_pipelinerun_finished_success          | SUCCESS job/checkout-deploy/42//42
            sdk_java_0_3_1_pipelinerun_started                   | STARTED job/checkout-deploy/42//42
            """;

    private final CdEventsAdapter adapter = new CdEventsAdapter(connection -> ConnectionMapping.DEFAULT);
    private final Path folder = Deliveries.samples().resolve("cdevents");

    @Test
    void understandsWhatLibrariesWrite() throws IOException {
        for (String line : GENERATED.lines().toList()) {
            String[] cells = line.split("\\|", -1);
            byte[] body = Deliveries.payload("cdevents/" + cells[0].strip() + ".json");

            assertThat(Json.mapper().readTree(body).at("/data/context/version").asText())
                    .as(line)
                    .isEqualTo(cells[1].strip());
            assertThat(Summary.of(adapter.adapt(Deliveries.cloudEvent(body))))
                    .as(line)
                    .isEqualTo(cells[2].strip());
        }
    }

    @Test
    void runsThatLibrariesReport_areDeploymentsWhereTheySaySo() throws IOException {
        for (String line : DEPLOYING.lines().toList()) {
            String[] cells = line.split("\\|", -1);
            JsonNode event = Json.mapper().readTree(Deliveries.payload("cdevents/" + cells[0].strip() + ".json"));
            ((ObjectNode) event.at("/data/context")).put("timestamp", "2026-03-01T12:00:00Z");
            ((ObjectNode) event.at("/data/customData"))
                    .putObject("sluice")
                    .putObject("deployment")
                    .put("service", "checkout")
                    .put("environment", "production");

            assertThat(Summary.of(adapter.adapt(Deliveries.cloudEvent(Json.bytes(event)))))
                    .as(line)
                    .isEqualTo(cells[1].strip() + " checkout production 2026-03-01T12:00:00Z");
        }
    }

    @Test
    void theDocumentationOfTheJenkinsPluginShowsNoCdEvents() throws IOException {
        Path jenkins = Deliveries.samples().resolve("jenkins");
        assumeTrue(Files.isDirectory(jenkins), "the shared samples of Jenkins are absent");

        assertThat(summaries(jenkins, "cdevents_plugin_docs_").values())
                .hasSize(5)
                .containsOnly("MALFORMED INVALID_EVENT /data/context");
    }

    @Test
    void understandsEveryConformanceFileOfVersion051() throws IOException {
        assumeTrue(Files.isDirectory(folder), "the shared samples of CDEvents are absent");
        Map<String, String> actual = summaries(folder, "v0_5_1_");

        assertThat(actual).hasSizeGreaterThanOrEqualTo(46).containsAllEntriesOf(USED);
        actual.keySet().removeAll(USED.keySet());
        assertThat(actual.values()).containsOnly("IGNORED UNUSED_EVENT");
    }

    @Test
    void understandsTheConformanceFilesOfVersion041() throws IOException {
        assumeTrue(Files.isDirectory(folder), "the shared samples of CDEvents are absent");

        assertThat(summaries(folder, "v0_4_1_"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "v0_4_1_service_deployed",
                        DEPLOYED,
                        "v0_4_1_incident_detected",
                        INCIDENT.formatted("DETECTED")));
    }

    @Test
    void saysThatDraftsAreNotUnderstood() throws IOException {
        assumeTrue(Files.isDirectory(folder), "the shared samples of CDEvents are absent");

        assertThat(summaries(folder, "v0_6_0_draft_").values())
                .hasSize(3)
                .containsOnly("MALFORMED UNSUPPORTED_VERSION /data/context/specversion");
    }

    private Map<String, String> summaries(Path folder, String prefix) throws IOException {
        Map<String, String> summaries = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replace(".json", "");
                if (name.startsWith(prefix)) {
                    JsonNode json = Json.mapper().readTree(file.toFile());
                    summaries.put(name, Summary.of(adapter.adapt(Deliveries.cloudEvent(Json.bytes(enveloped(json))))));
                }
            }
        }
        return summaries;
    }

    /** The conformance files are bare CDEvents; what a library generated has its envelope. */
    private static JsonNode enveloped(JsonNode json) {
        if (json.has("data")) {
            return json;
        }
        ObjectNode envelope = Json.mapper().createObjectNode();
        envelope.put("specversion", "1.0");
        envelope.put("id", json.at("/context/id").asText());
        envelope.put("source", json.at("/context/source").asText());
        envelope.put("type", json.at("/context/type").asText());
        envelope.set("data", json);
        return envelope;
    }
}
