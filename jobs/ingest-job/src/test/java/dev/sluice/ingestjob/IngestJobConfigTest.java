package dev.sluice.ingestjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.ServicePaths;
import dev.sluice.streams.JobSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestJobConfigTest {
    private static final ConnectionMapping MAPPING = new ConnectionMapping(
            Map.of("acme/shop-checkout", "checkout", "acme/cart", "basket"),
            Set.of("production", "staging"),
            List.of(
                    new DeployWorkflow("acme/shop-checkout", "Deploy", "production", null),
                    new DeployWorkflow("*", "Release", "staging", "all")),
            "shop",
            "production",
            Set.of("sev1", "outage"),
            JsonNodeFactory.instance.objectNode().put("place", "tier"));

    @Test
    void allDefaults() {
        assertThat(IngestJobConfig.from(JobSettings.of(Map.of("SLUICE_KAFKA_BOOTSTRAP", "k:9092"))))
                .isEqualTo(new IngestJobConfig("k:9092", 12, 1, Map.of()));
    }

    @Test
    void allSettings_thereAndBack() {
        var config = new IngestJobConfig("k:9092", 6, 2, Map.of("github", MAPPING, "ci", ConnectionMapping.DEFAULT));

        assertThat(config.settings().keySet()).isEqualTo(IngestJobConfig.SETTINGS);
        assertThat(IngestJobConfig.from(JobSettings.of(config.settings()))).isEqualTo(config);
    }

    @Test
    void pathsOfServices_thereAndBack() {
        var mono = ConnectionMapping.DEFAULT.withPaths(List.of(
                ServicePaths.of("acme/mono", "checkout", List.of("lib/**", "services/checkout/**"), List.of())));
        var config = new IngestJobConfig("k:9092", 6, 2, Map.of("github", mono));

        assertThat(IngestJobConfig.from(JobSettings.of(config.settings()))).isEqualTo(config);
    }

    @Test
    void noMappings_areToldToo() {
        IngestJobConfig config = IngestJobConfig.of("k:9092", 6);

        assertThat(config.settings()).containsEntry("SLUICE_MAPPINGS", "{}");
        assertThat(IngestJobConfig.from(JobSettings.of(config.settings()))).isEqualTo(config);
    }

    @Test
    void mappings_areWrittenInOneOrder() {
        assertThat(new IngestJobConfig("k:9092", 6, 2, Map.of("github", MAPPING, "ci", ConnectionMapping.DEFAULT))
                        .settings())
                .containsEntry(
                        "SLUICE_MAPPINGS",
                        "{\"ci\":{\"services\":{},\"environments\":[],\"workflows\":[],"
                                + "\"incident_labels\":[\"incident\"],\"options\":{}},"
                                + "\"github\":{\"services\":{\"acme/cart\":\"basket\",\"acme/shop-checkout\":\"checkout\"},"
                                + "\"environments\":[\"production\",\"staging\"],\"workflows\":["
                                + "{\"repository\":\"acme/shop-checkout\",\"workflow\":\"Deploy\",\"environment\":\"production\"},"
                                + "{\"repository\":\"*\",\"workflow\":\"Release\",\"environment\":\"staging\",\"service\":\"all\"}],"
                                + "\"service\":\"shop\",\"environment\":\"production\","
                                + "\"incident_labels\":[\"outage\",\"sev1\"],\"options\":{\"place\":\"tier\"}}}");
    }

    @Test
    void wrongMappings_areToldTogether() {
        assertThatThrownBy(
                        () -> IngestJobConfig.from(
                                JobSettings.of(
                                        Map.of(
                                                "SLUICE_KAFKA_BOOTSTRAP",
                                                "k:9092",
                                                "SLUICE_MAPPINGS",
                                                "{\"c\": {\"services\": {\"acme/a\": 1}, \"enviroment\": \"e\"}, \"d\": {\"workflows\": [{}]}}"))))
                .hasMessageContaining("/c/enviroment: unknown field enviroment; known are environment, environments,")
                .hasMessageContaining("/c/services/acme~1a: acme/a must be a text")
                .hasMessageContaining("/d/workflows/0: field repository is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing",
                "[]",
                "{\"c\": 1}",
                "{\"c\": {\"service\": {}}}",
                "{\"c\": {\"services\": []}}",
                "{\"c\": {\"services\": {\"acme/a\": 1}}}",
                "{\"c\": {\"environments\": {}}}",
                "{\"c\": {\"incident_labels\": [1]}}",
                "{\"c\": {\"environment\": \"test\", \"environments\": [\"production\"]}}",
                "{\"c\": {\"options\": []}}",
                "{\"c\": {\"paths\": [{\"repository\": \"acme/mono\", \"service\": \"a\"}]}}",
                "{\"c\": {\"paths\": [{\"repository\": \"acme/mono\", \"service\": \"a\", \"include\": [\"{\"]}]}}",
                "{\"c\": {\"workflows\": [{\"workflow\": \"w\", \"environment\": \"e\"}]}}"
            })
    void wrongMappings_areAProblem(String json) {
        assertThatThrownBy(() -> IngestJobConfig.from(
                        JobSettings.of(Map.of("SLUICE_KAFKA_BOOTSTRAP", "k:9092", "SLUICE_MAPPINGS", json))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("SLUICE_MAPPINGS: ");
    }
}
