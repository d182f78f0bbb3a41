package dev.sluice.sources.github;

import static dev.sluice.sources.Deliveries.changed;
import static dev.sluice.sources.Deliveries.github;
import static dev.sluice.sources.Deliveries.payload;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.Incident;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Summary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubIssuesTest {
    private static final String OPENED = "github/issues_opened.json";
    private static final String CLOSED = "github/issues_closed.json";
    private static final String LABELED = "github/issues_labeled.json";
    private static final String UNLABELED = "github/issues_unlabeled.json";

    private static final ConnectionMapping MAPPING =
            new ConnectionMapping(Map.of("acme/checkout", "shop"), Set.of()).withDefaults(null, "production");

    private final GitHubAdapter adapter = new GitHubAdapter(connection -> MAPPING);

    private IncidentObserved observed(byte[] body) {
        Outcome.Events outcome = (Outcome.Events) adapter.adapt(github("issues", body));
        assertThat(outcome.events()).hasSize(1);
        return (IncidentObserved) outcome.events().get(0);
    }

    private static byte[] action(String file, String action) {
        return changed(file, body -> body.put("action", action));
    }

    /** The incident that these deliveries tell of, the same in both orders. */
    private Incident incident(byte[]... bodies) {
        List<IncidentObserved> observations =
                Stream.of(bodies).map(this::observed).toList();
        var reversed = new ArrayList<>(observations);
        Collections.reverse(reversed);
        assertThat(Incident.of(reversed)).isEqualTo(Incident.of(observations));
        return Incident.of(observations);
    }

    @Test
    void issueWithTheLabelIsAnIncidentFromItsOpeningToItsClosing() {
        Incident incident = incident(payload(OPENED), payload(LABELED), payload(CLOSED));

        assertThat(incident.id()).isEqualTo("github/acme/checkout#issue-7");
        assertThat(incident.service()).isEqualTo("shop");
        assertThat(incident.environment()).isEqualTo("production");
        assertThat(incident.startedAt()).isEqualTo("2026-03-01T12:20:00Z");
        assertThat(incident.resolvedAt()).isEqualTo("2026-03-01T13:05:00Z");
        assertThat(incident.title()).isEqualTo("Checkout answers with 502");
        assertThat(incident.counts()).isTrue();
    }

    @Test
    void closingAloneTellsWhenItBegan() {
        Incident incident = incident(payload(CLOSED));

        assertThat(incident.happened()).isTrue();
        assertThat(incident.startedAt()).isEqualTo("2026-03-01T12:20:00Z");
    }

    @Test
    void issueThatIsLabelledAfterItsClosingIsOverSinceThen() {
        byte[] late = changed(CLOSED, body -> {
            body.put("action", "labeled").putObject("label").put("name", "incident");
            ((ObjectNode) body.get("issue")).put("updated_at", "2026-03-01T18:00:00Z");
        });

        assertThat(incident(late).resolvedAt()).isEqualTo("2026-03-01T13:05:00Z");
        assertThat(incident(payload(CLOSED), late).resolvedAt()).isEqualTo("2026-03-01T13:05:00Z");
    }

    @Test
    void issueThatIsReopenedGoesOn() {
        byte[] reopened = changed(OPENED, body -> {
            body.put("action", "reopened");
            ((ObjectNode) body.get("issue")).put("updated_at", "2026-03-01T14:00:00Z");
        });

        Incident incident = incident(payload(OPENED), payload(CLOSED), reopened);

        assertThat(incident.resolvedAt()).isNull();
        assertThat(incident.closedGapMs()).isEqualTo(55 * 60_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deleted", "transferred"})
    void issueThatIsNotThereAnyMoreIsNone(String action) {
        assertThat(incident(payload(OPENED), action(OPENED, action)).absent()).isTrue();
    }

    @Test
    void issueThatLosesTheLabelIsNone() {
        Incident incident = incident(payload(OPENED), payload(UNLABELED));

        assertThat(incident.absent()).isTrue();
        assertThat(observed(payload(UNLABELED)).header().occurredAt()).isEqualTo("2026-03-01T12:45:00Z");
    }

    @Test
    void issueThatLosesOneOfTwoLabelsStaysOne() {
        var two = new GitHubAdapter(connection -> new ConnectionMapping(
                Map.of(), Set.of(), List.of(), null, null, Set.of("incident", "checkout"), MAPPING.options()));

        assertThat(Summary.of(two.adapt(github("issues", payload(UNLABELED))))).isEqualTo("IGNORED UNUSED_ACTION");
    }

    @ParameterizedTest
    @ValueSource(strings = {"opened", "closed", "reopened", "deleted", "transferred", "labeled", "unlabeled", "edited"})
    void issueWithoutTheLabelConcernsNoMetric(String action) {
        byte[] body = changed(CLOSED, issue -> {
            issue.put("action", action).putObject("label").put("name", "checkout");
            ((ObjectNode) issue.get("issue")).putArray("labels").addObject().put("name", "Incident");
        });

        assertThat(Summary.of(adapter.adapt(github("issues", body)))).isEqualTo("IGNORED NOT_AN_INCIDENT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"edited", "assigned", "milestoned", "pinned"})
    void otherActionsChangeNothing(String action) {
        assertThat(Summary.of(adapter.adapt(github("issues", action(OPENED, action)))))
                .isEqualTo("IGNORED UNUSED_ACTION");
    }

    @Test
    void anotherLabelChangesNothing() {
        byte[] body = changed(LABELED, issue -> issue.putObject("label").put("name", "checkout"));

        assertThat(Summary.of(adapter.adapt(github("issues", body)))).isEqualTo("IGNORED UNUSED_ACTION");
    }

    @Test
    void withoutADefaultItIsNotSaidWhereItHappens() {
        var plain = new GitHubAdapter(connection -> ConnectionMapping.DEFAULT);

        assertThat(Summary.of(plain.adapt(github("issues", payload(OPENED)))))
                .isEqualTo("incident DETECTED github/acme/checkout#issue-7 acme/checkout null 2026-03-01T12:20:00Z");
    }

    @Test
    void openedInTheFutureIsRefused() {
        byte[] body =
                changed(CLOSED, issue -> ((ObjectNode) issue.get("issue")).put("created_at", "2026-03-02T09:00:00Z"));

        assertThat(Summary.of(adapter.adapt(github("issues", body))))
                .isEqualTo("MALFORMED FUTURE_DATED /issue/created_at");
    }

    @Test
    void theSameAgainIsTheSameEvent() {
        assertThat(observed(payload(OPENED))).isEqualTo(observed(payload(OPENED)));
        assertThat(Stream.of(OPENED, LABELED, CLOSED, UNLABELED)
                        .map(file -> observed(payload(file)).header().id()))
                .doesNotHaveDuplicates();
        assertThat(observed(payload(OPENED)).header().occurredAt()).isEqualTo(Instant.parse("2026-03-01T12:20:00Z"));
    }
}
