package dev.sluice.canaryjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.canaryjob.pull.PullFunction;
import dev.sluice.sources.metrics.pull.DatadogSeries;
import dev.sluice.sources.metrics.pull.ElasticsearchSeries;
import dev.sluice.sources.metrics.pull.PrometheusSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesFileTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void eachSourceHasAClient_thatWaitsForAsLongAsTheSourceNeeds() throws IOException {
        Path file = Files.writeString(directory.resolve("sources.yaml"), """
                sources:
                  - {name: main, type: prometheus, url: "http://localhost:9090", tenants: [acme]}
                  - {name: dd, type: datadog, url: "https://api.datadoghq.eu", api_key_file: a, application_key_file: b}
                  - {name: logs, type: elasticsearch, url: "http://localhost:9200", index: logs, delay: 2m}
                """);

        assertThat(new SourcesFile(file.toString()).clients().entrySet())
                .extracting(
                        Map.Entry::getKey,
                        client -> client.getValue().series().getClass(),
                        client -> client.getValue().tenants(),
                        client -> client.getValue().delay())
                .containsExactlyInAnyOrder(
                        tuple("main", PrometheusSeries.class, Set.of("acme"), Duration.ZERO),
                        tuple("dd", DatadogSeries.class, Set.of(), Duration.ofSeconds(90)),
                        tuple("logs", ElasticsearchSeries.class, Set.of(), Duration.ofMinutes(2)));
    }

    @Test
    void withoutAFileThereAreNone() {
        assertThat(new SourcesFile(null).clients()).isEqualTo(Map.<String, PullFunction.Client>of());
    }
}
