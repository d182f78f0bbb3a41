package dev.sluice.sources.github;

import static java.util.Map.entry;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.SourceAdapter;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Understands webhooks of GitHub: pushes, pull requests and their reviews, deployments and their statuses, the runs of
 * those workflows that are configured to deploy, and issues that are incidents; all other events are ignored by name.
 */
public final class GitHubAdapter implements SourceAdapter {
    private static final String APPROVALS = "approvals are no part of a metric yet; the deployment's states are";
    private static final String ARTIFACTS = "artifacts are not followed yet; a deployment names its version itself";
    private static final String CHECKS = "checks of a commit are no deployment, and no gate asks for them yet";

    /** Events that tell of delivery, but that no metric uses yet, and what is missing to use them. */
    private static final Map<String, String> UNUSED = Map.ofEntries(
            entry("check_run", CHECKS),
            entry("check_suite", CHECKS),
            entry("create", "commits come with the event push"),
            entry("delete", "the event push tells of deleted branches and tags too"),
            entry("deployment_protection_rule", APPROVALS),
            entry("deployment_review", APPROVALS),
            entry("package", ARTIFACTS),
            entry("registry_package", ARTIFACTS),
            entry("release", "a release says what was published, not where it runs: send a deployment"),
            entry("status", CHECKS),
            entry("workflow_dispatch", "the event workflow_run tells what became of the run"),
            entry("workflow_job", "a job does not say what it deploys: use an environment, or configure its workflow"));

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
                case "workflow_run" ->
                    new GitHubWorkflowRuns(delivery, mappings.apply(delivery.connection())).read(body(delivery));
                case "pull_request" -> new GitHubPullRequests(delivery).read(body(delivery));
                case "pull_request_review" -> new GitHubPullRequests(delivery).review(body(delivery));
                case "issues" -> new GitHubIssues(delivery, mappings.apply(delivery.connection())).read(body(delivery));
                default -> Outcome.Ignored.event("GitHub", delivery.event(), UNUSED);
            };
        } catch (Rejection e) {
            return e.outcome();
        }
    }

    private GitHubDeployments deployments(Delivery delivery) {
        return new GitHubDeployments(delivery, mappings.apply(delivery.connection()));
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
