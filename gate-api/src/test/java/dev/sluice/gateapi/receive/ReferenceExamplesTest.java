package dev.sluice.gateapi.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.registry.Sources;
import dev.sluice.sources.registry.Webhooks;
import dev.sluice.sources.webhook.WebhookRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the reference says to paste works: its connections are read, and what it says is sent to them is understood. */
class ReferenceExamplesTest {
    private static final Pattern CONNECTION =
            Pattern.compile("```yaml\n(connections:\n.*? source: (\\w+)\n.*?)```", Pattern.DOTALL);
    /** An example of a delivery names its connection, and the parameters of the URL. */
    private static final Pattern DELIVERY = Pattern.compile("```json ([^\n]+)\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void examplesOfDeliveriesAreUnderstoodByTheConnectionsBesideThem() throws IOException {
        String reference = Files.readString(Path.of(System.getProperty("sluice.root"), "docs/reference/sources.md"));
        Map<String, ConnectionMapping> mappings = new LinkedHashMap<>();
        Map<String, String> sourceOf = new LinkedHashMap<>();
        for (MatchResult block : CONNECTION.matcher(reference).results().toList()) {
            Path file = folder.resolve("connections.yaml");
            Files.writeString(file, block.group(1));
            ConnectionMappings.read(file).forEach((id, mapping) -> {
                mappings.put(id, mapping);
                sourceOf.put(id, block.group(2));
            });
        }
        Sources sources = Sources.of(mappings);

        List<String> outcomes = new ArrayList<>();
        for (Matcher example = DELIVERY.matcher(reference); example.find(); ) {
            URI to = URI.create(example.group(1));
            String source = sourceOf.getOrDefault(to.getPath(), "");
            assertThat(source).as("the source of the example %s", to).isNotEmpty();
            outcomes.add(to.getPath() + ": " + summary(sources.adapt(delivery(source, to, example.group(2)))));
        }

        assertThat(outcomes)
                .containsExactly(
                        "alerts: DETECTED alertmanager/6f8e31cc73cfeb2b@2026-03-01T12:20:00.303Z checkout production",
                        "argocd: SUCCESS argocd/4f3b68fc-126f-4df3-8961-c70d4d18f045#42 checkout production;"
                                + " clean argocd/4f3b68fc-126f-4df3-8961-c70d4d18f045@2026-03-01T12:01:41Z checkout"
                                + " production",
                        "pagerduty: DETECTED pagerduty/Q1INC8CHECKOUT checkout production",
                        "terraform: SUCCESS terraform/checkout#4711.1 checkout production",
                        "releases: SUCCESS json/releases/4711 checkout production");
    }

    private static Delivery delivery(String source, URI to, String body) {
        Map<String, String> parameters = to.getQuery() == null
                ? Map.of()
                : Stream.of(to.getQuery().split("&"))
                        .map(parameter -> parameter.split("=", 2))
                        .collect(Collectors.toMap(parameter -> parameter[0], parameter -> parameter[1]));
        var request = new WebhookRequest(Map.of(), parameters, body.getBytes(StandardCharsets.UTF_8));
        var contract = Webhooks.find(source).orElseThrow().contract();
        assertThat(contract.parameters()).containsAll(parameters.keySet());
        return new Delivery(
                "default",
                source,
                to.getPath(),
                "d-1-42",
                contract.identify(request).key(),
                "",
                "connection:" + to.getPath(),
                "application/json",
                Instant.parse("2026-03-02T08:30:00Z"),
                parameters,
                contract.kept(request));
    }

    private static String summary(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Events.class);
        Outcome.Events events = (Outcome.Events) outcome;
        assertThat(events.skipped()).isEmpty();
        return events.events().stream().map(ReferenceExamplesTest::summary).collect(Collectors.joining("; "));
    }

    private static String summary(DeliveryEvent event) {
        if (event instanceof DeploymentObserved deployment) {
            return deployment.state() + " " + deployment.deploymentId() + " " + deployment.service() + " "
                    + deployment.environment();
        }
        if (event instanceof IncidentObserved incident) {
            return incident.state() + " " + incident.incidentId() + " " + incident.service() + " "
                    + incident.environment();
        }
        DriftChecked check = (DriftChecked) event;
        return (check.drifted() ? "drifted " : "clean ") + check.checkId() + " " + check.service() + " "
                + check.environment();
    }
}
