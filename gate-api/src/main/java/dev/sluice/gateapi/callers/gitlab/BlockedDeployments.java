package dev.sluice.gateapi.callers.gitlab;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.AskedQuestion;
import dev.sluice.gateapi.callers.asked.Lookout;
import dev.sluice.gateapi.callers.asked.Means;
import dev.sluice.gateapi.callers.asked.Questions;
import dev.sluice.gateapi.callers.asked.Revision;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.gateapi.callers.gitlab.GitlabServer.Deployments;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.wire.Keys;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that looks for deployments that wait for an approval, since GitLab's webhook of deployments does not tell of them: every
 * {@link #EVERY} the newest {@value #SEEN} of each project.
 */
final class BlockedDeployments extends Lookout<GitlabServer> {
    /** From one look at a project to the next. */
    static final Duration EVERY = Duration.ofSeconds(10);

    private static final Logger LOGGER = LoggerFactory.getLogger(BlockedDeployments.class);
    private static final int SEEN = 10;

    private final GitlabClient client;
    private final Questions questions;
    private final Clock clock;

    BlockedDeployments(Means means, Setups<GitlabServer> servers, GitlabClient client, Questions questions) {
        super("gitlab-deployments", means, servers, EVERY, "sluice.gitlab.looks");
        this.client = client;
        this.questions = questions;
        this.clock = means.clock();
    }

    @Override
    protected Stream<String> places(GitlabServer server) {
        return server.deployments() == null ? Stream.empty() : server.projects().keySet().stream();
    }

    @Override
    protected Optional<CompletableFuture<OutboundAnswer>> ask(GitlabServer server, String project) {
        return client.get(
                server, "/projects/" + project + "/deployments?status=blocked&order_by=id&sort=desc&per_page=" + SEEN);
    }

    @Override
    protected void seen(Setups.Setup<GitlabServer> server, String project, JsonNode deployments) {
        deployments.forEach(deployment -> keep(server, project, deployment));
    }

    private void keep(Setups.Setup<GitlabServer> setup, String project, JsonNode deployment) {
        GitlabServer server = setup.document();
        Deployments deploying = requireNonNull(server.deployments());
        String id = deployment.path("id").asText();
        @Nullable
        String environment =
                deploying.environments().get(deployment.at("/environment/name").asText());
        boolean waits = deployment.path("status").asText().equals("blocked")
                && deployment.path("id").isIntegralNumber();
        if (!waits || environment == null) {
            return;
        }
        Revision revision = Revision.read(deployment.path("sha"), deployment.path("ref"));
        var subject = new AskedQuestion.Subject(
                deploying.gate(),
                requireNonNull(server.projects().get(project)),
                environment,
                revision.version(server.version()),
                revision.sha());
        var question = AskedQuestion.of(
                DeploymentApprovals.KIND,
                setup.name(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                subject,
                Map.of(DeploymentApprovals.PROJECT, project, DeploymentApprovals.DEPLOYMENT, id));
        try {
            var unused = questions
                    .keep(setup.tenant(), Keys.of(project, id), question)
                    .exceptionally(failure -> notKept(id, failure));
        } catch (ApiException e) {
            var unused = notKept(id, e);
        }
    }

    /** It is found again at the next look. */
    private static boolean notKept(String deployment, Throwable failure) {
        LOGGER.atWarn().addKeyValue("deployment", deployment).setCause(failure).log("question not kept yet");
        return false;
    }
}
