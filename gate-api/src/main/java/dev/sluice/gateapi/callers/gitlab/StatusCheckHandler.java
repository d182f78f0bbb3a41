package dev.sluice.gateapi.callers.gitlab;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.AskedQuestion;
import dev.sluice.gateapi.callers.asked.Questions;
import dev.sluice.gateapi.callers.asked.Revision;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.gateapi.callers.asked.SignedWebhook;
import dev.sluice.gateapi.callers.gitlab.GitlabServer.MergeRequests;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.sources.webhook.HmacSignature;
import dev.sluice.sources.webhook.WebhookRequest;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Optional;

/**
 * Takes what GitLab sends to an external status check: the webhook of a merge request, with the check. It is kept, then acknowledged. What is
 * authentic and asks nothing is acknowledged too: GitLab stops to send where it meets a 4xx.
 */
final class StatusCheckHandler {
    private static final HmacSignature SIGNATURE = new HmacSignature("");
    private static final String HEADER = "X-GitLab-Signature";
    private static final String OPEN = "opened";

    private final Setups<GitlabServer> servers;
    private final StatusChecks checks;
    private final SignedWebhook webhook;
    private final Questions questions;
    private final Clock clock;

    StatusCheckHandler(
            Setups<GitlabServer> servers,
            StatusChecks checks,
            SignedWebhook webhook,
            Questions questions,
            Clock clock) {
        this.servers = servers;
        this.checks = checks;
        this.webhook = webhook;
        this.questions = questions;
        this.clock = clock;
    }

    /** Handles {@code POST /v1/gitlab-servers/{name}/status-check}. */
    void receive(Context ctx) {
        Setups.Setup<GitlabServer> setup = servers.find(ctx.pathParam("name"))
                .filter(one -> one.document().mergeRequests() != null)
                .orElseThrow(() -> new ApiException(
                        ErrorType.NOT_FOUND, "there is no such server whose merge requests ask a gate"));
        MergeRequests merging = requireNonNull(setup.document().mergeRequests());
        WebhookRequest request = webhook.read(
                ctx,
                setup.tenant(),
                merging.secrets(),
                (signed, secrets) -> SIGNATURE.isOfOne(secrets, signed.body(), signed.header(HEADER)));
        JsonNode payload = Requests.json(request.body());
        if (!payload.path("object_kind").asText().equals("merge_request")
                || !payload.path("external_approval_rule").isObject()) {
            webhook.ignore(ctx, "only a merge request with a status check asks a gate");
            return;
        }
        if (!payload.at("/object_attributes/state").asText().equals(OPEN)) {
            webhook.ignore(ctx, "the merge request is not open");
            return;
        }
        Optional<AskedQuestion> question;
        try {
            question = question(setup, payload);
        } catch (ApiException e) {
            webhook.notUnderstood(ctx, e);
            return;
        }
        if (question.isEmpty()) {
            webhook.ignore(ctx, "the project is not set up");
            return;
        }
        webhook.taken(ctx, questions.keepAgain(setup.tenant(), request.digest(), question.get()));
    }

    private Optional<AskedQuestion> question(Setups.Setup<GitlabServer> setup, JsonNode payload) {
        Members body = Members.of(payload);
        Optional<Long> project = body.object("project").flatMap(one -> one.id("id"));
        Optional<Members> attributes = body.object("object_attributes");
        Optional<Long> mergeRequest = attributes.flatMap(one -> one.id("iid"));
        Optional<String> sha = attributes
                .flatMap(one -> one.object("last_commit"))
                .flatMap(one -> one.optional("id", Revision::sha, "the id of a commit"));
        Optional<Long> check = body.object("external_approval_rule").flatMap(one -> one.id("id"));
        body.requireRight();
        if (sha.isEmpty()) {
            throw ApiException.invalidDocument("/object_attributes/last_commit/id", "id is missing");
        }
        var facts = new HashMap<>(Revision.read(
                        payload.at("/object_attributes/last_commit/id"), payload.at("/object_attributes/source_branch"))
                .facts());
        facts.put(StatusChecks.PROJECT, Long.toString(project.orElseThrow()));
        facts.put(StatusChecks.MERGE_REQUEST, Long.toString(mergeRequest.orElseThrow()));
        facts.put(StatusChecks.CHECK, Long.toString(check.orElseThrow()));
        return checks.question(setup.name(), setup.document(), clock.instant().truncatedTo(ChronoUnit.MILLIS), facts);
    }
}
