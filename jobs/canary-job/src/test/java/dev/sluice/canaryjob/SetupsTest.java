package dev.sluice.canaryjob;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetupsTest {
    /** What is asked for later comes later: its bucket must not be judged before. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 60",
                "'\"pull\": {\"source\": \"main\"},' | 60",
                "'\"pull\": {\"source\": \"dd\", \"delay\": \"90s\"},' | 150",
            })
    void aBucketWaitsForWhatIsAskedForLater(String pull, long patienceSeconds) {
        String config = "{" + pull + """
                "selectors": {"baseline": "{version='1'}", "canary": "{version='2'}"},
                "metrics": [{"name": "errors", "kind": "ratio", "series": {"events": "e", "exposure": "x"}}]}""";
        byte[] document = Json.bytes(new CanaryRunDocument(
                "checkout",
                "production",
                null,
                null,
                Json.read(config.getBytes(StandardCharsets.UTF_8), JsonNode.class),
                "sha256:0",
                Instant.EPOCH,
                List.of(),
                null));

        Setup setup = requireNonNull(new Setups().of("acme/r1", document));

        assertThat(setup.buckets().patience()).isEqualTo(Duration.ofSeconds(patienceSeconds));
    }
}
