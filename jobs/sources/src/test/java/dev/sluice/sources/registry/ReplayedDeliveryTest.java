package dev.sluice.sources.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No sender of webhooks signs the time, or the id of a delivery: who has overheard one can send its bytes again whenever they like, as
 * another delivery. It tells of the same events then, at the same times, and each event counts once.
 */
class ReplayedDeliveryTest {
    private static final Instant RECEIVED = Instant.parse("2027-01-01T00:00:00Z");
    private static final String INCIDENT = """
            {"event": {"id": "01EVENT", "event_type": "incident.triggered", "resource_type": "incident",
             "occurred_at": "2026-05-01T10:00:00Z",
             "data": {"id": "Q1INCIDENT", "type": "incident", "title": "Down", "status": "triggered",
              "created_at": "2026-05-01T10:00:00Z", "service": {"id": "PSERVICE", "summary": "checkout"}}}}""";
    private static final Sources SOURCES = Sources.of(Map.of(
            "acme-github",
            new ConnectionMapping(Map.of(), Set.of(), List.of(new DeployWorkflow("*", "*", "production", null)))));

    static Stream<SentBytes> signed() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/github"))) {
            List<SentBytes> github = files.sorted().map(SentBytes::ofGithub).toList();
            return Stream.concat(
                    github.stream(),
                    Stream.of(new SentBytes(
                            Sources.PAGERDUTY, "", "incident", INCIDENT.getBytes(StandardCharsets.UTF_8))));
        }
    }

    private record SentBytes(String source, String event, String name, byte[] body) {
        static SentBytes ofGithub(Path file) {
            String name = file.getFileName().toString();
            String event = Stream.of(
                            "deployment_status",
                            "deployment",
                            "issues",
                            "ping",
                            "pull_request_review",
                            "pull_request",
                            "push",
                            "workflow_run")
                    .filter(name::startsWith)
                    .findFirst()
                    .orElseThrow();
            try {
                return new SentBytes(Sources.GITHUB, event, name, Files.readAllBytes(file));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        Outcome received(String key, Instant at) {
            return SOURCES.adapt(new Delivery(
                    "default",
                    source,
                    "acme-" + source,
                    "d-0-" + key.length(),
                    key,
                    event,
                    "connection:acme",
                    "application/json",
                    at,
                    Map.of(),
                    body));
        }

        @Override
        public String toString() {
            return source + " " + name;
        }
    }

    @ParameterizedTest
    @MethodSource("signed")
    void theSameBytesLater_underAnotherId_tellOfTheSameEvents(SentBytes bytes) {
        Outcome first = bytes.received("guid-1", RECEIVED);
        Outcome later = bytes.received("another-guid", RECEIVED.plus(Duration.ofDays(300)));

        assertThat(told(later)).isEqualTo(told(first));
    }

    @Test
    void mostOfThemTellOfEvents() throws IOException {
        assertThat(signed())
                .filteredOn(bytes -> bytes.received("guid-1", RECEIVED) instanceof Outcome.Events)
                .hasSizeGreaterThanOrEqualTo(15)
                .anyMatch(bytes -> bytes.source().equals(Sources.PAGERDUTY));
    }

    private static List<String> told(Outcome outcome) {
        return outcome instanceof Outcome.Events events
                ? events.events().stream()
                        .map(event ->
                                event.header().id() + " at " + event.header().occurredAt())
                        .toList()
                : List.of(outcome.getClass().getSimpleName());
    }
}
