package dev.sluice.gateapi.callers.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.AskedQuestion;
import dev.sluice.gateapi.callers.asked.Lookout;
import dev.sluice.gateapi.callers.asked.Means;
import dev.sluice.gateapi.callers.asked.Questions;
import dev.sluice.gateapi.callers.asked.Revision;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.wire.Keys;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
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
    private final DeploymentApprovals approvals;
    private final Questions questions;
    private final Clock clock;

    BlockedDeployments(
            Means means,
            Setups<GitlabServer> servers,
            GitlabClient client,
            DeploymentApprovals approvals,
            Questions questions) {
        super("gitlab-deployments", means, servers, EVERY, "sluice.gitlab.looks");
        this.client = client;
        this.approvals = approvals;
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
        String id = deployment.path("id").asText();
        boolean waits = deployment.path("status").asText().equals("blocked")
                && deployment.path("id").isIntegralNumber();
        if (!waits) {
            return;
        }
        var facts = new HashMap<>(
                Revision.read(deployment.path("sha"), deployment.path("ref")).facts());
        facts.put(DeploymentApprovals.PROJECT, project);
        facts.put(DeploymentApprovals.DEPLOYMENT, id);
        facts.put(
                DeploymentApprovals.ENVIRONMENT,
                deployment.at("/environment/name").asText());
        approvals
                .question(setup.name(), setup.document(), clock.instant().truncatedTo(ChronoUnit.MILLIS), facts)
                .ifPresent(question -> keep(setup.tenant(), id, question));
    }

    /** The same numbers on another server are something else. */
    private void keep(String tenant, String id, AskedQuestion question) {
        String delivery = Keys.of(question.fact(AskedQuestion.API), question.fact(DeploymentApprovals.PROJECT), id);
        try {
            var unused = questions.keep(tenant, delivery, question).exceptionally(failure -> notKept(id, failure));
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
