package dev.sluice.gateapi.callers.gitlab;

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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
 * {@link #EVERY} those of each environment of each project that is set up, the newest first, {@value #MOST_PAGES} pages of {@value #SEEN} at most.
 */
final class BlockedDeployments extends Lookout<GitlabServer> {
    /** From one look at a project to the next. */
    static final Duration EVERY = Duration.ofSeconds(10);

    private static final Logger LOGGER = LoggerFactory.getLogger(BlockedDeployments.class);
    private static final int SEEN = 10;
    private static final int MOST_PAGES = 10;

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
        Deployments deploying = server.deployments();
        return deploying == null
                ? Stream.empty()
                : server.projects().keySet().stream()
                        .flatMap(project -> deploying.environments().keySet().stream()
                                .map(environment -> new Page(project, environment, 1).place()));
    }

    @Override
    protected Optional<CompletableFuture<OutboundAnswer>> ask(Setups.Setup<GitlabServer> server, String place) {
        return client.get(server.tenant(), server.document(), Page.of(place).path());
    }

    @Override
    protected void seen(Setups.Setup<GitlabServer> server, String place, JsonNode deployments) {
        Page page = Page.of(place);
        deployments.forEach(deployment -> keep(server, page.project(), deployment));
        if (deployments.size() >= SEEN && page.number() < MOST_PAGES) {
            look(server, page.next().place());
        }
    }

    /**
     * A page of the deployments that wait.
     *
     * @param project id of the project
     * @param environment GitLab's name of the environment
     * @param number from 1
     */
    private record Page(String project, String environment, int number) {
        static Page of(String place) {
            String[] parts = place.split(" ", 3);
            return new Page(parts[0], parts[2], Integer.parseInt(parts[1]));
        }

        String place() {
            return project + " " + number + " " + environment;
        }

        Page next() {
            return new Page(project, environment, number + 1);
        }

        String path() {
            String named =
                    URLEncoder.encode(environment, StandardCharsets.UTF_8).replace("+", "%20");
            return "/projects/" + project + "/deployments?environment=" + named
                    + "&status=blocked&order_by=id&sort=desc&per_page=" + SEEN + "&page=" + number;
        }
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
