package dev.sluice.sources.gitlab;

import dev.sluice.delivery.IncidentState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.ForgeEvents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * An issue or work item, which is an incident by its type or while it has one of the configured labels. An incident of
 * GitLab has a status beside: it is over when that comes to resolved or when it is closed, whichever is first.
 */
final class GitLabIssues {
    private static final String INCIDENT = "incident";

    private final Delivery delivery;
    private final ConnectionMapping mapping;

    GitLabIssues(Delivery delivery, ConnectionMapping mapping) {
        this.delivery = delivery;
        this.mapping = mapping;
    }

    Outcome read(Place body) {
        Place attributes = body.at("object_attributes").object();
        Set<String> labels = mapping.incidentLabels();
        Place labelChange = body.at("changes").at("labels");
        boolean typed = isOfType(body.at("object_kind"), attributes);
        boolean labelled = isLabelled(body.at("labels"), labels) || isLabelled(attributes.at("labels"), labels);
        boolean was = isLabelled(labelChange.at("previous"), labels);
        Place updated = attributes.at("updated_at");
        if (!typed && was && !labelled) {
            return observed(body, "unlabeled", IncidentState.DELETED, updated);
        }
        if (!typed && !labelled) {
            return new Outcome.Ignored(
                    Reason.NOT_AN_INCIDENT,
                    "the issue is not of the type incident and has none of the labels that make it one: "
                            + String.join(", ", new TreeSet<>(labels)));
        }
        String action = attributes.at("action").text();
        return switch (action) {
            case "open" -> observed(body, action, IncidentState.DETECTED, attributes.at("created_at"));
            case "close" -> observed(body, action, IncidentState.RESOLVED, closing(attributes));
            case "reopen" -> observed(body, action, IncidentState.REOPENED, updated);
            case "update" ->
                !typed && !labelChange.isAbsent() && !was
                        ? labelled(body, attributes)
                        : escalated(body, attributes, body.at("changes").at("escalation_status"));
            default -> Outcome.Ignored.action(action, "an incident");
        };
    }

    /** What is called an incident only afterwards was over before. */
    private Outcome labelled(Place body, Place attributes) {
        return "closed".equals(attributes.at("state").optionalText())
                ? observed(body, "labeled", IncidentState.RESOLVED, closing(attributes))
                : observed(body, "labeled", IncidentState.DETECTED, attributes.at("updated_at"));
    }

    private Outcome escalated(Place body, Place attributes, Place change) {
        if (change.isAbsent()) {
            return Outcome.Ignored.action("update", "an incident");
        }
        String status = change.at("current").text();
        Place at = attributes.at("updated_at");
        return switch (status) {
            case "triggered" -> observed(body, status, IncidentState.REOPENED, at);
            case "acknowledged", "ignored" -> observed(body, status, IncidentState.ACKNOWLEDGED, at);
            case "resolved" -> observed(body, status, IncidentState.RESOLVED, at);
            default ->
                new Outcome.Ignored(Reason.UNKNOWN_STATE, "GitLab's status " + status + " of an incident is not known");
        };
    }

    /** Work items and issues say when they were closed; where one does not, that was its last change. */
    private static Place closing(Place attributes) {
        Place closed = attributes.at("closed_at");
        return closed.isAbsent() ? attributes.at("updated_at") : closed;
    }

    private static boolean isOfType(Place kind, Place attributes) {
        return INCIDENT.equals(kind.optionalText())
                || INCIDENT.equalsIgnoreCase(attributes.at("type").node().textValue());
    }

    private static boolean isLabelled(Place list, Set<String> names) {
        return list.elements()
                .map(label -> label.at("title").node().textValue())
                .anyMatch(title -> title != null && names.contains(title));
    }

    private Outcome observed(Place body, String action, IncidentState state, Place time) {
        Place attributes = body.at("object_attributes");
        String severity = attributes.at("severity").optionalText();
        return GitLabProject.of(body)
                .events(delivery)
                .incident(
                        new ForgeEvents.Issue(
                                attributes.at("iid").number(),
                                past(attributes.at("created_at")),
                                "unknown".equals(severity) ? null : severity,
                                attributes.at("title").beginning()),
                        mapping,
                        action,
                        state,
                        past(time));
    }

    private Instant past(Place time) {
        return delivery.past(GitLabTimes.time(time), time);
    }
}
