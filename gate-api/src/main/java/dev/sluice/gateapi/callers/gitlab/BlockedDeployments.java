package dev.sluice.gateapi.callers.gitlab;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.AskedQuestion;
import dev.sluice.gateapi.callers.asked.Questions;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.gateapi.callers.asked.VersionOf;
import dev.sluice.gateapi.callers.gitlab.GitlabServer.Deployments;
import dev.sluice.gateapi.deliver.OwnedWork;
import dev.sluice.gateapi.deliver.Ownership;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.MalformedRecordException;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that looks for deployments that wait for an approval, since GitLab's webhook of deployments does not tell of them: every
 * {@link #EVERY} the newest {@value #SEEN} of each project.
 */
final class BlockedDeployments extends OwnedWork {
    /** From one look at a project to the next. */
    static final Duration EVERY = Duration.ofSeconds(10);

    private static final Logger LOGGER = LoggerFactory.getLogger(BlockedDeployments.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int SEEN = 10;
    private static final int OK = 200;
    private static final Pattern SHA = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");
    private static final int LONGEST_REF = 255;

    private final Views views;
    private final Setups<GitlabServer> servers;
    private final GitlabClient client;
    private final Questions questions;
    private final Clock clock;
    private final MeterRegistry registry;
    private final Map<String, Instant> due = new HashMap<>();

    BlockedDeployments(
            String bootstrap,
            Views views,
            Setups<GitlabServer> servers,
            GitlabClient client,
            Questions questions,
            Clock clock,
            MeterRegistry registry) {
        super("gitlab-deployments", bootstrap, Topic.CONTROL, TICK);
        this.views = views;
        this.servers = servers;
        this.client = client;
        this.questions = questions;
        this.clock = clock;
        this.registry = registry;
    }

    @Override
    protected boolean isNeeded() {
        return views.hasRead(Topic.CONTROL)
                && servers.all().anyMatch(server -> server.document().deployments() != null);
    }

    @Override
    protected void look(Ownership ownership) {
        Instant now = clock.instant();
        servers.all()
                .filter(server -> server.document().deployments() != null && ownership.has(server.partition()))
                .forEach(server -> server.document().projects().keySet().forEach(project -> {
                    String key = Keys.of(server.tenant(), server.name(), project);
                    if (!now.isBefore(due.getOrDefault(key, Instant.MIN))) {
                        due.put(key, now.plus(EVERY));
                        look(server, project);
                    }
                }));
    }

    private void look(Setups.Setup<GitlabServer> server, String project) {
        String path = "/projects/" + project + "/deployments?status=blocked&order_by=id&sort=desc&per_page=" + SEEN;
        var call = client.get(server.document(), path);
        if (call.isEmpty()) {
            unknown(server, project, "the access token cannot be read");
            return;
        }
        var unused = call.get().whenComplete((answer, failure) -> {
            if (answer == null || answer.status() != OK) {
                unknown(server, project, answer == null ? "no answer" : "answered with " + answer.status());
            } else {
                list(answer).forEach(deployment -> ask(server, project, deployment));
            }
        });
    }

    private void unknown(Setups.Setup<GitlabServer> server, String project, String reason) {
        registry.counter("sluice.gitlab.looks", "outcome", "unknown").increment();
        LOGGER.atWarn()
                .addKeyValue("server", server.name())
                .addKeyValue("project", project)
                .addKeyValue("reason", reason)
                .log("deployments that wait are not known");
    }

    private static JsonNode list(OutboundAnswer answer) {
        try {
            return Json.read(answer.body(), JsonNode.class);
        } catch (MalformedRecordException e) {
            return Json.mapper().createArrayNode();
        }
    }

    private void ask(Setups.Setup<GitlabServer> setup, String project, JsonNode deployment) {
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
        @Nullable
        String sha = text(deployment, "sha").filter(SHA.asMatchPredicate()).orElse(null);
        @Nullable String ref = text(deployment, "ref").orElse(null);
        var subject = new AskedQuestion.Subject(
                deploying.gate(),
                requireNonNull(server.projects().get(project)),
                environment,
                VersionOf.version(server.version(), sha, ref),
                sha);
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

    private static Optional<String> text(JsonNode deployment, String field) {
        return Optional.ofNullable(deployment.path(field).textValue())
                .filter(text -> !text.isBlank() && text.length() <= LONGEST_REF);
    }

    /** It is found again at the next look. */
    private static boolean notKept(String deployment, Throwable failure) {
        LOGGER.atWarn().addKeyValue("deployment", deployment).setCause(failure).log("question not kept yet");
        return false;
    }
}
