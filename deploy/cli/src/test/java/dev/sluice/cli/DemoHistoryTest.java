package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DemoHistoryTest {
    private static final Instant NOW = Instant.parse("2026-06-17T13:00:00Z");
    private static final List<ObjectNode> EVENTS = new DemoHistory(42, NOW).events();

    @Test
    void sameSeed_tellsTheSame() {
        assertThat(new DemoHistory(42, NOW).events()).isEqualTo(EVENTS);
        assertThat(new DemoHistory(43, NOW).events()).isNotEqualTo(EVENTS);
    }

    @Test
    void playedADayLater_repeatsWhatIsStillShown() {
        Instant later = NOW.plus(Duration.ofDays(1));
        Set<String> earlierIds = ids(EVENTS, event -> at(event).isAfter(later.minus(Duration.ofDays(90))));
        Set<String> laterIds = ids(new DemoHistory(42, later).events(), event -> true);

        assertThat(laterIds).containsAll(earlierIds).hasSizeGreaterThan(earlierIds.size());
    }

    @Test
    void tellsTheLastNinetyDaysOfTwelveServices() {
        assertThat(EVENTS).allSatisfy(event -> assertThat(at(event)).isBetween(NOW.minus(Duration.ofDays(90)), NOW));
        assertThat(EVENTS.stream()
                        .map(event -> content(event).path("service").asText())
                        .filter(service -> !service.isEmpty())
                        .collect(Collectors.toSet()))
                .hasSize(12)
                .containsExactlyInAnyOrderElementsOf(DemoHistory.services());
    }

    @Test
    void tellsDuplicatesAndNotInOrder() {
        assertThat(ids(EVENTS, event -> true).size()).isLessThan(EVENTS.size());
        boolean inOrder = true;
        for (int i = 1; i < EVENTS.size(); i++) {
            inOrder &= !at(EVENTS.get(i)).isBefore(at(EVENTS.get(i - 1)));
        }
        assertThat(inOrder).isFalse();
    }

    @Test
    void tellsRollbacksToAnEarlierVersion() {
        var attempts = new HashSet<String>();
        var versions = new HashSet<String>();
        int repeated = 0;
        for (ObjectNode event : EVENTS) {
            JsonNode content = content(event);
            if (content.path("state").asText().equals("success")
                    && attempts.add(event.path("source").asText()
                            + event.path("subject").asText())
                    && !versions.add(content.path("service").asText()
                            + content.path("version").asText())) {
                repeated++;
            }
        }
        assertThat(repeated).isGreaterThan(20);
    }

    @Test
    void tellsIncidentsPullRequestsAndDrift() {
        assertThat(EVENTS)
                .extracting(event -> event.path("type").asText() + " "
                        + content(event).path("state").asText("")
                        + content(event).path("drifted").asText(""))
                .contains(
                        "dev.cdeventsx.sluice-incident.observed.0.1.0 detected",
                        "dev.cdeventsx.sluice-incident.observed.0.1.0 resolved",
                        "dev.cdeventsx.sluice-pullrequest.observed.0.1.0 opened",
                        "dev.cdeventsx.sluice-pullrequest.observed.0.1.0 reviewed",
                        "dev.cdeventsx.sluice-pullrequest.observed.0.1.0 merged",
                        "dev.cdeventsx.sluice-drift.checked.0.1.0 true",
                        "dev.cdeventsx.sluice-drift.checked.0.1.0 false");
    }

    @Test
    void healthyServiceSucceeds_troubledOneFailsOften() {
        assertThat(failureShare(DemoHistory.HEALTHY)).isLessThan(0.1);
        assertThat(failureShare(DemoHistory.TROUBLED)).isGreaterThan(0.3);
    }

    private static double failureShare(String service) {
        Predicate<ObjectNode> ofService =
                event -> content(event).path("service").asText().equals(service);
        int failed = ids(
                        EVENTS,
                        ofService.and(
                                event -> content(event).path("state").asText().equals("failure")))
                .size();
        int succeeded = ids(
                        EVENTS,
                        ofService.and(
                                event -> content(event).path("state").asText().equals("success")))
                .size();
        return failed / (double) (failed + succeeded);
    }

    private static Set<String> ids(List<ObjectNode> events, Predicate<ObjectNode> which) {
        return events.stream()
                .filter(which)
                .map(event -> event.path("id").asText())
                .collect(Collectors.toSet());
    }

    private static Instant at(ObjectNode event) {
        return Instant.parse(event.path("time").asText());
    }

    private static JsonNode content(ObjectNode event) {
        return event.path("data").path("subject").path("content");
    }
}
