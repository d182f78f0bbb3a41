package dev.sluice.sources.github;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.SourceAdapter;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Understands webhooks of GitHub: pushes, deployments and their statuses; all other events are ignored by name. */
public final class GitHubAdapter implements SourceAdapter {
    /** Events that tell of delivery, but that no metric uses yet. */
    private static final Set<String> UNUSED = Set.of(
            "check_run",
            "check_suite",
            "create",
            "delete",
            "deployment_protection_rule",
            "deployment_review",
            "issues",
            "package",
            "pull_request",
            "pull_request_review",
            "registry_package",
            "release",
            "status",
            "workflow_dispatch",
            "workflow_job",
            "workflow_run");

    private final Function<String, ConnectionMapping> mappings;

    /**
     * Creates the adapter.
     *
     * @param mappings how a connection's names become Sluice's
     */
    public GitHubAdapter(Function<String, ConnectionMapping> mappings) {
        this.mappings = mappings;
    }

    @Override
    public Outcome adapt(Delivery delivery) {
        try {
            return switch (delivery.event()) {
                case "ping" -> new Outcome.Ignored(Reason.PING, "GitHub asked whether anybody listens");
                case "push" -> GitHubPush.read(delivery, body(delivery));
                case "deployment" -> deployments(delivery).created(body(delivery));
                case "deployment_status" -> deployments(delivery).status(body(delivery));
                default -> ignored(delivery.event());
            };
        } catch (Rejection e) {
            return e.outcome();
        }
    }

    private GitHubDeployments deployments(Delivery delivery) {
        return new GitHubDeployments(delivery, mappings.apply(delivery.connection()));
    }

    private static Outcome ignored(String event) {
        return UNUSED.contains(event)
                ? new Outcome.Ignored(Reason.UNUSED_EVENT, "no metric uses the GitHub event " + event + " yet")
                : new Outcome.Ignored(Reason.UNKNOWN_EVENT, "the GitHub event " + event + " is not known");
    }

    private static Place body(Delivery delivery) {
        if (delivery.contentType().toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
            throw new Rejection(
                    Reason.UNSUPPORTED_CONTENT_TYPE,
                    "the webhook sends forms; set its content type to application/json",
                    null);
        }
        return Documents.read(delivery.body()).object();
    }
}
