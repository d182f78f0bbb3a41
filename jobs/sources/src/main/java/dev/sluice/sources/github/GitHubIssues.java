package dev.sluice.sources.github;

import dev.sluice.delivery.IncidentState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.ForgeEvents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import java.util.Set;
import java.util.TreeSet;

/**
 * The event {@code issues}: an issue is an incident while it has one of the configured labels, since it was opened.
 */
final class GitHubIssues {
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
                aboutLabel ? labelled(body, issue) : Outcome.Ignored.action("labeled by another label", "issues");
            case "closed" -> observed(body, action, IncidentState.RESOLVED, issue.at("closed_at"));
            case "reopened" -> observed(body, action, IncidentState.REOPENED, issue.at("updated_at"));
            case "deleted", "transferred" -> observed(body, action, IncidentState.DELETED, issue.at("updated_at"));
            default -> Outcome.Ignored.action(action, "issues");
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
        Place issue = body.at("issue");
        Place created = issue.at("created_at");
        return new ForgeEvents(
                        delivery,
                        GitHubInstance.of(repository),
                        repository.at("full_name").text())
                .incident(
                        new ForgeEvents.Issue(
                                issue.at("number").number(),
                                delivery.past(created.time(), created),
                                null,
                                issue.at("title").beginning()),
                        mapping,
                        action,
                        state,
                        delivery.past(time.time(), time));
    }
}
