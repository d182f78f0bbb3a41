package dev.sluice.sources.gitlab;

import static java.util.Map.entry;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.SourceAdapter;
import java.util.Map;
import java.util.function.Function;

/**
 * Understands webhooks of GitLab: pushes, merge requests, deployments, the jobs that are configured to deploy, and
 * incidents; all other events are ignored by name. Which event it is, is said in the body: one header stands for several.
 */
public final class GitLabAdapter implements SourceAdapter {
    /** Events that tell of delivery, but that no metric uses, and what tells it instead. */
    private static final Map<String, String> UNUSED = Map.ofEntries(
            entry("access_token", "it tells of a token that expires"),
            entry("emoji", "it is an opinion"),
            entry("feature_flag", "flags are not followed yet"),
            entry("milestone", "a plan is no delivery"),
            entry("note", "a comment is no review: an approval is"),
            entry(
                    "pipeline",
                    "a pipeline does not say what it deployed: its deployments do, and jobs that are configured"),
            entry("release", "a release says what was published, not where it runs: send a deployment"),
            entry("tag_push", "commits come with the pushes of branches"),
            entry("vulnerability", "vulnerabilities are not followed"),
            entry("wiki_page", "a page is no code"));

    private final Function<String, ConnectionMapping> mappings;

    /**
     * Creates the adapter.
     *
     * @param mappings how a connection's names become Sluice's
     */
    public GitLabAdapter(Function<String, ConnectionMapping> mappings) {
        this.mappings = mappings;
    }

    @Override
    public Outcome adapt(Delivery delivery) {
        try {
            Place body = Documents.read(delivery.body()).object();
            ConnectionMapping mapping = mappings.apply(delivery.connection());
            String kind = body.at("object_kind").text();
            return switch (kind) {
                case "push" -> GitLabPush.read(delivery, body);
                case "merge_request" -> new GitLabMergeRequests(delivery).read(body);
                case "deployment" -> new GitLabDeployments(delivery, mapping).read(body);
                case "build" -> new GitLabJobs(delivery, mapping).read(body);
                case "issue", "work_item", "incident" -> new GitLabIssues(delivery, mapping).read(body);
                default -> Outcome.Ignored.event("GitLab", kind, UNUSED);
            };
        } catch (Rejection e) {
            return e.outcome();
        }
    }
}
