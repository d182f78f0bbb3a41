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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The conformance files of the CDEvents specification; they stand outside of the repository. */
class CdEventsSamplesTest {
    private static final String DEPLOYED =
            "SUCCESS /event/source/123/271069a8-fc18-44f1-b38f-9d70a1695819 mySubject123 test123 2023-03-20T14:27:05.315Z";
    private static final String WITHOUT_DEPLOYMENT = "IGNORED PIPELINE_WITHOUT_DEPLOYMENT";

    /** All others of 0.5.1 are ignored as events that no metric uses yet. */
    private static final Map<String, String> USED = Map.of(
            "v0_5_1_service_deployed", DEPLOYED,
            "v0_5_1_service_upgraded", DEPLOYED,
            "v0_5_1_service_rolledback", DEPLOYED,
            "v0_5_1_pipelinerun_queued", WITHOUT_DEPLOYMENT,
            "v0_5_1_pipelinerun_started", WITHOUT_DEPLOYMENT,
            "v0_5_1_pipelinerun_finished", WITHOUT_DEPLOYMENT);

    private final CdEventsAdapter adapter = new CdEventsAdapter(connection -> ConnectionMapping.DEFAULT);
    private final Path folder = Deliveries.samples().resolve("cdevents");

    @BeforeEach
    void needsTheSamples() {
        assumeTrue(Files.isDirectory(folder), "the shared samples of CDEvents are absent");
    }

    @Test
    void understandsEveryConformanceFileOfVersion051() throws IOException {
        Map<String, String> actual = summaries("v0_5_1_");

        assertThat(actual).hasSizeGreaterThanOrEqualTo(46).containsAllEntriesOf(USED);
        actual.keySet().removeAll(USED.keySet());
        assertThat(actual.values()).containsOnly("IGNORED UNUSED_EVENT");
    }

    @Test
    void saysWhichOtherVersionsItDoesNotUnderstand() throws IOException {
        assertThat(summaries("v0_4_1_").values())
                .hasSize(2)
                .containsOnly("MALFORMED UNSUPPORTED_VERSION /data/context/version");
        assertThat(summaries("v0_6_0_draft_").values())
                .hasSize(3)
                .containsOnly("MALFORMED UNSUPPORTED_VERSION /data/context/specversion");
        assertThat(summaries("sdk_java_0_3_1_").values())
                .hasSize(3)
                .containsOnly("MALFORMED UNSUPPORTED_VERSION /data/context/version");
    }

    private Map<String, String> summaries(String prefix) throws IOException {
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
