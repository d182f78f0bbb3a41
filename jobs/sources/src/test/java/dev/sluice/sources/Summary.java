package dev.sluice.sources;

import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.ServiceDescribed;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An outcome in one line, for tables of expectations. */
public final class Summary {
    private Summary() {}

    /** Returns the line. */
    public static String of(Outcome outcome) {
        return outcome.accept(new Outcome.Visitor<String>() {
            @Override
            public String events(Outcome.Events events) {
                return Stream.concat(
                                events.events().stream().map(Summary::of),
                                events.skipped().stream().map(skipped -> "skipped " + Summary.malformed(skipped)))
                        .collect(Collectors.joining("; "));
            }

            @Override
            public String ignored(Outcome.Ignored ignored) {
                return "IGNORED " + ignored.reason();
            }

            @Override
            public String malformed(Outcome.Malformed malformed) {
                return Summary.malformed(malformed);
            }
        });
    }

    private static String malformed(Outcome.Malformed malformed) {
        return "MALFORMED " + malformed.reason() + " " + malformed.pointer();
    }

    private static String of(DeliveryEvent event) {
        return event.accept(new DeliveryEvent.Visitor<String>() {
            @Override
            public String commitRecorded(CommitRecorded commit) {
                return "commit " + commit.repository() + " " + commit.sha().substring(0, 7) + " " + commit.parentage()
                        + commit.parents().stream()
                                .map(sha -> sha.substring(0, 7))
                                .toList() + " "
                        + commit.authoredAt();
            }

            @Override
            public String deploymentObserved(DeploymentObserved deployment) {
                return deployment.state() + " " + deployment.deploymentId() + " " + deployment.service() + " "
                        + deployment.environment() + " " + deployment.header().occurredAt();
            }

            @Override
            public String incidentObserved(IncidentObserved incident) {
                return "incident " + incident.state() + " " + incident.incidentId() + " " + incident.service() + " "
                        + incident.environment() + " " + incident.header().occurredAt();
            }

            @Override
            public String pullRequestObserved(PullRequestObserved pull) {
                return "pull request " + pull.state() + " " + pull.repository() + "#" + pull.pullRequestId() + " "
                        + pull.header().occurredAt();
            }

            @Override
            public String driftChecked(DriftChecked check) {
                return (check.drifted() ? "drift " : "no drift ") + check.service() + " " + check.environment() + " "
                        + check.resource() + " " + check.header().occurredAt();
            }

            @Override
            public String serviceDescribed(ServiceDescribed service) {
                return "service " + service.service() + " " + service.zone() + " " + service.linkWindow();
            }

            @Override
            public String catalogueAssigned(CatalogueAssigned assigned) {
                return assigned.kind() + " " + assigned.subject() + " " + assigned.value() + " from " + assigned.from();
            }
        });
    }
}
