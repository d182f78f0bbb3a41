package dev.sluice.sources;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventIds;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.delivery.Parentage;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of what forges (GitHub, GitLab) have in common: commits that are pushed, deployments, pull requests, and
 * issues that are incidents.
 *
 * @param delivery the delivery that tells of them
 * @param source which forge it is
 * @param repository the full name of the repository that they belong to
 */
public record ForgeEvents(Delivery delivery, String source, String repository) {
    /** Of two states at the same time the incident's end is the later one. */
    private static final int BEFORE_END_RANK = 1;

    private static final int END_RANK = 2;
    /** What forges call the files of a commit. */
    private static final List<String> FILES = List.of("added", "modified", "removed");

    /**
     * A push of commits, which gives each the one before it as its parent: right on a linear history, a guess across
     * merges.
     *
     * @param ref the branch or tag
     * @param before what it was before, as the forge says it
     * @param after what it is now
     * @param parent the commit that the first one follows; null if the push does not say it
     * @param pushedAt when it was pushed
     */
    public record Push(
            String ref,
            String before,
            String after,
            @Nullable String parent,
            Instant pushedAt) {}

    /** Returns whether all of an id's digits are 0, which stands for no commit. */
    public static boolean isNoCommit(String sha) {
        return sha.chars().allMatch(digit -> digit == '0');
    }

    /**
     * Returns the commits of a push. One that cannot be read is skipped.
     *
     * @param push the push
     * @param mapping tells whose files a commit touches
     * @param commits the list of commits, not empty, oldest first, each with {@code id} and {@code timestamp}
     */
    public Outcome commits(Push push, ConnectionMapping mapping, Place commits) {
        var events = new ArrayList<DeliveryEvent>();
        var skipped = new ArrayList<Outcome.Malformed>();
        Set<String> seen = new HashSet<>();
        String parent = push.parent();
        for (int i = 0; i < commits.node().size(); i++) {
            Place commit = commits.at(i);
            try {
                String sha = commit.object().at("id").text();
                if (seen.add(sha)) {
                    events.add(commit(push, mapping, commit, sha.equals(parent) ? null : parent));
                    parent = sha;
                }
            } catch (Rejection e) {
                skipped.add(e.outcome());
                parent = null;
            }
        }
        return events.isEmpty() ? Outcome.Malformed.ofParts(skipped) : new Outcome.Events(events, skipped);
    }

    private CommitRecorded commit(Push push, ConnectionMapping mapping, Place commit, @Nullable String parent) {
        String sha = commit.at("id").text();
        Instant authoredAt = commit.at("timestamp").time();
        String id = EventIds.of(
                delivery.tenant(), source, "push", repository, push.ref(), push.before(), push.after(), "commit", sha);
        return new CommitRecorded(
                delivery.header(source, id, push.pushedAt()),
                repository,
                sha,
                parent == null ? List.of() : List.of(parent),
                parent == null ? Parentage.UNKNOWN : Parentage.INFERRED,
                authoredAt,
                null,
                List.of(),
                null,
                mapping.servicesOf(repository, files(commit)));
    }

    /** The files that a commit touches, where the forge lists them. */
    private static @Nullable List<String> files(Place commit) {
        var files = new ArrayList<String>();
        for (String list : FILES) {
            List<String> names = commit.at(list).optionalTexts();
            if (names == null) {
                return null;
            }
            files.addAll(names);
        }
        return files;
    }

    /**
     * An attempt to deploy.
     *
     * @param nativeId its id at the forge
     * @param service what it deploys
     * @param environment where
     * @param version the version; null where nothing is said
     * @param sha the commit; null where nothing is said
     */
    public record Attempt(
            String nativeId,
            String service,
            String environment,
            @Nullable String version,
            @Nullable String sha) {}

    /**
     * What an attempt came into.
     *
     * @param state the state
     * @param rank order among states where their times do not decide; higher wins
     * @param queuedAt when it was accepted; null where nothing is said
     * @param startedAt when it began to run; null where nothing is said
     * @param at when it came into the state
     */
    public record Step(
            DeploymentState state,
            int rank,
            @Nullable Instant queuedAt,
            @Nullable Instant startedAt,
            Instant at) {}

    /**
     * Returns an observation of an attempt to deploy.
     *
     * @param attempt the attempt
     * @param step what it came into
     * @param said what the forge says, by which the same is known again: the kind of event, what it is of, and the state
     */
    public Outcome deployment(Attempt attempt, Step step, String... said) {
        var identity = new ArrayList<>(List.of(delivery.tenant(), source));
        identity.addAll(List.of(said));
        identity.add(step.at().toString());
        return new Outcome.Events(new DeploymentObserved(
                delivery.header(source, EventIds.of(identity.toArray(String[]::new)), step.at()),
                DeploymentObserved.deploymentId(source, attempt.nativeId()),
                attempt.service(),
                attempt.environment(),
                step.state(),
                0,
                step.rank(),
                step.queuedAt(),
                step.startedAt(),
                attempt.version(),
                repository,
                attempt.sha(),
                null,
                null,
                null,
                null,
                null,
                null));
    }

    /**
     * What a delivery says of a pull request beside its state.
     *
     * @param number its number
     * @param draft whether it was opened as a draft; null where nothing is said
     * @param headSha the head of its branch
     * @param mergeSha what it was merged as; null where it was not, or nothing is said
     * @param title what people call it
     */
    public record PullRequest(
            long number,
            @Nullable Boolean draft,
            @Nullable String headSha,
            @Nullable String mergeSha,
            @Nullable String title) {}

    /**
     * Returns an observation of a pull request.
     *
     * @param pull the pull request
     * @param state what it came into
     * @param distinction tells it from others of the same state and time; may be empty
     * @param at when it came into it
     */
    public Outcome pullRequest(PullRequest pull, PullRequestState state, String distinction, Instant at) {
        String number = Long.toString(pull.number());
        String id = EventIds.of(
                delivery.tenant(),
                source,
                "pull_request",
                repository,
                number,
                state.name(),
                distinction,
                at.toString());
        return new Outcome.Events(new PullRequestObserved(
                delivery.header(source, id, at),
                repository,
                number,
                state,
                0,
                pull.draft(),
                null,
                null,
                pull.headSha(),
                pull.mergeSha(),
                null,
                pull.title()));
    }

    /**
     * What a delivery says of an issue that is an incident.
     *
     * @param number its number
     * @param createdAt when it was opened: the incident's start
     * @param severity as the forge names it
     * @param title what people call it
     */
    public record Issue(
            long number,
            Instant createdAt,
            @Nullable String severity,
            @Nullable String title) {}

    /**
     * Returns an observation of an issue that is an incident. It says when the issue was opened, so that the incident has
     * its start also where the delivery that told of it did not come.
     *
     * @param issue the issue
     * @param mapping says which service suffers, and where
     * @param action what the forge calls that which happened
     * @param state what the incident came into
     * @param at when it came into it
     */
    public Outcome incident(Issue issue, ConnectionMapping mapping, String action, IncidentState state, Instant at) {
        String nativeId = repository + "#issue-" + issue.number();
        String id = EventIds.of(delivery.tenant(), source, "issues", nativeId, action, state.name(), at.toString());
        return new Outcome.Events(new IncidentObserved(
                delivery.header(source, id, at),
                IncidentObserved.incidentId(source, nativeId),
                mapping.serviceOf(repository),
                mapping.environment(),
                state,
                0,
                state == IncidentState.RESOLVED ? END_RANK : BEFORE_END_RANK,
                issue.createdAt(),
                null,
                issue.severity(),
                null,
                null,
                null,
                null,
                null,
                issue.title()));
    }
}
