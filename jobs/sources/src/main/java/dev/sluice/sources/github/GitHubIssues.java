package dev.sluice.sources.github;

import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.EventTimes;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The event {@code issues}: an issue is an incident while it has one of the configured labels, since it was opened.
 * Everything said of it says when that was, so an incident has its beginning also where the delivery that told of it did
 * not come.
 */
final class GitHubIssues {
    /** Of two states at the same time the incident's end is the later one. */
    private static final int DETECTED_RANK = 1;

    private static final int RESOLVED_RANK = 2;

    private final Delivery delivery;
    private final ConnectionMapping mapping;

    GitHubIssues(Delivery delivery, ConnectionMapping mapping) {
        this.delivery = delivery;
        this.mapping = mapping;
    }

    Outcome read(Place body) {
        Place issue = body.at("issue").object();
        String action = body.at("action").text();
        Set<String> labels = mapping.incidentLabels();
        boolean labelled = issue.at("labels").elements().anyMatch(label -> isOneOf(label, labels));
        boolean aboutLabel = isOneOf(body.at("label"), labels);
        if (action.equals("unlabeled") && aboutLabel && !labelled) {
            return observed(body, action, IncidentState.DELETED, issue.at("updated_at"));
        }
        if (!labelled) {
            return new Outcome.Ignored(
                    Reason.NOT_AN_INCIDENT,
                    "the issue has none of the labels that make it an incident: "
                            + String.join(", ", new TreeSet<>(labels)));
        }
        return switch (action) {
            case "opened" -> observed(body, action, IncidentState.DETECTED, issue.at("created_at"));
            case "labeled" ->
                aboutLabel ? labelled(body, issue) : GitHubAdapter.unusedAction("labeled by another label", "issues");
            case "closed" -> observed(body, action, IncidentState.RESOLVED, issue.at("closed_at"));
            case "reopened" -> observed(body, action, IncidentState.REOPENED, issue.at("updated_at"));
            case "deleted", "transferred" -> observed(body, action, IncidentState.DELETED, issue.at("updated_at"));
            default -> GitHubAdapter.unusedAction(action, "issues");
        };
    }

    /** What is called an incident only afterwards was over before. */
    private Outcome labelled(Place body, Place issue) {
        return "closed".equals(issue.at("state").optionalText())
                ? observed(body, "labeled", IncidentState.RESOLVED, issue.at("closed_at"))
                : observed(body, "labeled", IncidentState.DETECTED, issue.at("updated_at"));
    }

    private static boolean isOneOf(Place label, Set<String> names) {
        String name = label.at("name").node().textValue();
        return name != null && names.contains(name);
    }

    private Outcome observed(Place body, String action, IncidentState state, Place time) {
        Place repository = body.at("repository").object();
        String source = GitHubInstance.of(repository);
        String name = repository.at("full_name").text();
        Place issue = body.at("issue");
        String nativeId = name + "#issue-" + issue.at("number").number();
        @Nullable String environment = mapping.environment();
        Instant occurredAt = EventTimes.occurred(time.time(), delivery.receivedAt(), time.pointer());
        Place created = issue.at("created_at");
        String id =
                EventIds.of(delivery.tenant(), source, "issues", nativeId, action, state.name(), occurredAt.toString());
        return new Outcome.Events(new IncidentObserved(
                new EventHeader(id, delivery.tenant(), source, delivery.id(), occurredAt, delivery.receivedAt()),
                IncidentObserved.incidentId(source, nativeId),
                mapping.serviceOf(name),
                environment,
                state,
                0,
                state == IncidentState.RESOLVED ? RESOLVED_RANK : DETECTED_RANK,
                EventTimes.occurred(created.time(), delivery.receivedAt(), created.pointer()),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                issue.at("title").beginning()));
    }
}
