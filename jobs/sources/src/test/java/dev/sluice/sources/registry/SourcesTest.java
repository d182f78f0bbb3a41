package dev.sluice.sources.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Summary;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourcesTest {
    @Test
    void deliveryGoesToTheAdapterOfItsSource() {
        Sources sources = Sources.of(Map.of());

        assertThat(sources.names()).containsExactlyInAnyOrder(Sources.CLOUDEVENTS, Sources.GITHUB);
        assertThat(Summary.of(sources.adapt(
                        Deliveries.github("deployment", Deliveries.payload("github/deployment_created.json")))))
                .startsWith("QUEUED github/acme/checkout#600200 acme/checkout");
        assertThat(Summary.of(sources.adapt(Deliveries.cloudEvent(Deliveries.bytes(
                        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"example.thing\"}")))))
                .isEqualTo("IGNORED UNKNOWN_EVENT");
    }

    @Test
    void mappingIsThatOfTheConnection() {
        Sources sources = Sources.of(Map.of(
                "acme-github", new ConnectionMapping(Map.of("acme/checkout", "shop"), Set.of()),
                "other", new ConnectionMapping(Map.of("acme/checkout", "wrong"), Set.of())));

        assertThat(Summary.of(sources.adapt(
                        Deliveries.github("deployment", Deliveries.payload("github/deployment_created.json")))))
                .startsWith("QUEUED github/acme/checkout#600200 shop");
    }

    @Test
    void unknownSourceIsMalformed() {
        assertThat(Sources.of(Map.of())
                        .adapt(Deliveries.delivery("semaphore", "c", "push", "application/json", new byte[0])))
                .isEqualTo(new Outcome.Malformed(
                        Reason.UNKNOWN_SOURCE, "no adapter understands the source semaphore", null));
    }
}
