package dev.sluice.gateapi.callers.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.AskedQuestion;
import dev.sluice.gateapi.callers.asked.Questions;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.gateapi.callers.asked.SignedWebhook;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.github.GitHubWebhook;
import dev.sluice.sources.webhook.DeliveryIdentity;
import dev.sluice.sources.webhook.WebhookRequest;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;

/** Takes the webhooks of apps of GitHub: what a protection rule asks is kept, then acknowledged; all else is only acknowledged. */
final class ProtectionRuleHandler {
    private static final GitHubWebhook CONTRACT = new GitHubWebhook();

    private final Setups<GithubApp> apps;
    private final SignedWebhook webhook;
    private final Questions questions;
    private final Clock clock;

    ProtectionRuleHandler(Setups<GithubApp> apps, SignedWebhook webhook, Questions questions, Clock clock) {
        this.apps = apps;
        this.webhook = webhook;
        this.questions = questions;
        this.clock = clock;
    }

    /** Handles {@code POST /v1/github-apps/{name}/webhook}. */
    void receive(Context ctx) {
        Setups.Setup<GithubApp> setup = apps.find(ctx.pathParam("name"))
                .orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "there is no such app"));
        GithubApp app = setup.document();
        WebhookRequest request = webhook.read(ctx, setup.tenant(), app.secrets(), CONTRACT::isAuthentic);
        DeliveryIdentity delivery = identity(request);
        if (!delivery.event().equals(ProtectionRule.EVENT)) {
            webhook.ignore(ctx, "only the event " + ProtectionRule.EVENT + " asks a gate");
            return;
        }
        Requests.requireMediaType(ctx, "application/json");
        JsonNode payload = Requests.json(request.body());
        if (!payload.path("action").asText().equals(ProtectionRule.REQUESTED)) {
            webhook.ignore(ctx, "only the action " + ProtectionRule.REQUESTED + " asks a gate");
            return;
        }
        ProtectionRule rule = read(payload, app);
        if (!app.trusts(rule.owner(), rule.installation())) {
            throw webhook.refused(ErrorType.FORBIDDEN, "the owner or the installation is none that may ask");
        }
        webhook.taken(
                ctx,
                questions.keep(setup.tenant(), delivery.key(), question(setup.name(), app, rule, request.digest())));
    }

    private DeliveryIdentity identity(WebhookRequest request) {
        try {
            return CONTRACT.identify(request);
        } catch (Rejection e) {
            throw webhook.refused(ErrorType.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private ProtectionRule read(JsonNode payload, GithubApp app) {
        try {
            return ProtectionRule.read(payload, app);
        } catch (ApiException e) {
            var unused = webhook.refused(e.type(), e.line());
            throw e;
        }
    }

    private AskedQuestion question(String name, GithubApp app, ProtectionRule rule, String digest) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var facts = new HashMap<>(rule.revision().facts());
        facts.put(GithubCaller.OWNER, Long.toString(rule.owner()));
        facts.put(GithubCaller.INSTALLATION, Long.toString(rule.installation()));
        facts.put(GithubCaller.REPOSITORY_ID, Long.toString(rule.repositoryId()));
        facts.put(GithubCaller.REPOSITORY, rule.repository());
        facts.put(GithubCaller.RUN, rule.run());
        facts.put(GithubCaller.ENVIRONMENT, rule.environment());
        facts.put(GithubCaller.DEPLOYMENT, rule.deployment());
        facts.put(Questions.DIGEST, digest);
        return GithubCaller.question(name, app, now, facts);
    }
}
