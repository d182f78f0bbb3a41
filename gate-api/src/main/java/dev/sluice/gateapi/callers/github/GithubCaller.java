package dev.sluice.gateapi.callers.github;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.callers.asked.AskedQuestion;
import dev.sluice.gateapi.callers.asked.Caller;
import dev.sluice.gateapi.callers.asked.Calls;
import dev.sluice.gateapi.callers.asked.Heard;
import dev.sluice.gateapi.callers.asked.Reply;
import dev.sluice.gateapi.callers.asked.Revision;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.gateapi.deliver.Answer;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Json;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers the rule of a deployment: a report without a state while the gate is pending, then {@code approved} or {@code rejected}. A check
 * run on the commit shows the same where the app has one; whether GitHub takes it changes nothing of the answer.
 */
final class GithubCaller implements Caller {
    /** The kind, as questions have it. */
    static final String KIND = "github";

    static final String REPOSITORY = "repository";
    static final String REPOSITORY_ID = "repository_id";
    static final String OWNER = "owner";
    static final String INSTALLATION = "installation";
    static final String RUN = "run";
    static final String ENVIRONMENT = "environment";
    static final String DEPLOYMENT = "deployment";

    private static final int MOST_REPORTS = 10;
    private static final int LONGEST_COMMENT = 1_024;
    private static final int UNAUTHENTICATED = 401;
    /** The run waits no longer for this rule, or GitHub finds the answer wrong: so it will find it the next time. */
    private static final Set<Integer> REFUSALS = Set.of(410, 422);

    private static final String CHECK_RUN = "check_run";

    private final Setups<GithubApp> apps;
    private final GithubClient client;
    private final @Nullable URI url;

    /**
     * Creates it.
     *
     * @param apps what is set up
     * @param client calls GitHub
     * @param url where people reach the API; null if that is not known
     */
    GithubCaller(Setups<GithubApp> apps, GithubClient client, @Nullable URI url) {
        this.apps = apps;
        this.client = client;
        this.url = url;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public int mostReports() {
        return MOST_REPORTS;
    }

    /**
     * Returns what is asked by an app.
     *
     * @param name of the app
     * @param app what is set up of it
     * @param askedAt when
     * @param facts what the webhook has said
     */
    static AskedQuestion question(String name, GithubApp app, Instant askedAt, Map<String, String> facts) {
        var all = new HashMap<>(facts);
        all.put(AskedQuestion.API, app.api().toString());
        @Nullable String service = app.repositories().get(facts.get(REPOSITORY_ID));
        @Nullable String environment = app.environments().get(facts.get(ENVIRONMENT));
        if (service == null || environment == null) {
            String refusal = "this " + (service == null ? "repository" : "environment")
                    + " is not set up in Sluice for the app, so no gate can be asked";
            return AskedQuestion.refused(KIND, name, askedAt, refusal, all);
        }
        Revision revision = Revision.of(facts);
        var subject = new AskedQuestion.Subject(
                app.gate(), service, environment, revision.version(app.version()), revision.sha());
        return AskedQuestion.of(KIND, name, askedAt, subject, all);
    }

    @Override
    public Optional<AskedQuestion> now(String tenant, AskedQuestion question) {
        return trusted(tenant, question)
                .map(app -> question(question.setup(), app, question.askedAt(), question.facts()));
    }

    private Optional<GithubApp> trusted(String tenant, AskedQuestion question) {
        return apps.of(tenant, question.setup())
                .filter(app ->
                        app.trusts(Long.parseLong(question.fact(OWNER)), Long.parseLong(question.fact(INSTALLATION))));
    }

    @Override
    public CompletableFuture<Heard> tell(String tenant, AskedQuestion question, Reply reply) {
        Optional<GithubApp> found = trusted(tenant, question);
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(
                    Heard.failed("the app is not set up any more for this owner and installation"));
        }
        GithubApp app = found.get();
        return client.access(
                        tenant,
                        app,
                        Long.parseLong(question.fact(INSTALLATION)),
                        Long.parseLong(question.fact(REPOSITORY_ID)))
                .thenCompose(access -> access.token()
                        .map(token -> tell(new GithubClient.Bearer(tenant, app, token), question, reply))
                        .orElseGet(() -> CompletableFuture.completedFuture(withoutToken(access.answer()))))
                .exceptionally(Calls::unanswered);
    }

    private static Heard withoutToken(@Nullable OutboundAnswer answer) {
        return answer == null
                ? Heard.failed("the private key of the app cannot be read")
                : Heard.of(new Answer(
                        Outcome.FAILED,
                        "the call for a token of the installation was answered with " + answer.status(),
                        answer.retryAfter()));
    }

    private CompletableFuture<Heard> tell(GithubClient.Bearer by, AskedQuestion question, Reply reply) {
        boolean isTold = reply.decision() != null && reply.decision().equals(question.note(AskedQuestion.TOLD));
        CompletableFuture<Answer> reviewed = isTold
                ? CompletableFuture.completedFuture(Answer.of(Outcome.DELIVERED, "the review was taken before"))
                : review(by, question, reply);
        return reviewed.thenCompose(answer -> {
            boolean isShown = by.app().checkRun() != null
                    && reply.decision() != null
                    && Revision.of(question.facts()).sha() != null;
            boolean isOver = reply.isFinal() && answer.outcome() != Outcome.DELIVERED;
            return !isShown || isOver
                    ? CompletableFuture.completedFuture(Heard.of(answer))
                    : show(by, question, reply, answer);
        });
    }

    private CompletableFuture<Answer> review(GithubClient.Bearer by, AskedQuestion question, Reply reply) {
        ObjectNode body = Json.mapper()
                .createObjectNode()
                .put("environment_name", question.fact(ENVIRONMENT))
                .put("comment", comment(reply));
        if (reply.isFinal()) {
            body.put("state", reply.state() == Reply.State.ALLOWED ? "approved" : "rejected");
        }
        String path = "/repos/" + question.fact(REPOSITORY) + "/actions/runs/" + question.fact(RUN)
                + "/deployment_protection_rule";
        return client.send(by, "POST", path, body).thenApply(answer -> {
            forgetIfRefused(by, answer);
            return Calls.meaning("the review", answer, REFUSALS);
        });
    }

    private String comment(Reply reply) {
        return reply.markdown(url == null ? null : url.toString().replaceAll("/+$", ""), LONGEST_COMMENT);
    }

    private void forgetIfRefused(GithubClient.Bearer by, OutboundAnswer answer) {
        if (answer.status() == UNAUTHENTICATED) {
            client.forget(by.token());
        }
    }

    /** Shows the reply as a check run, whose id is kept for the next time. The review stands whatever comes of it. */
    private CompletableFuture<Heard> show(
            GithubClient.Bearer by, AskedQuestion question, Reply reply, Answer reviewed) {
        String known = question.note(CHECK_RUN);
        String path = "/repos/" + question.fact(REPOSITORY) + "/check-runs" + (known.isEmpty() ? "" : "/" + known);
        Map<String, String> notes = new HashMap<>();
        if (reply.isFinal()) {
            notes.put(AskedQuestion.TOLD, requireNonNull(reply.decision()));
        }
        return client.send(by, known.isEmpty() ? "POST" : "PATCH", path, checkRun(by.app(), question, reply, known))
                .handle((answer, failure) -> {
                    if (answer == null) {
                        return Calls.unanswered(failure).answer();
                    }
                    forgetIfRefused(by, answer);
                    id(answer).ifPresent(id -> notes.put(CHECK_RUN, id));
                    return Calls.meaning("the check run", answer, Set.of(403, 404, 410, 422));
                })
                .thenApply(shown ->
                        new Heard(reply.isFinal() && shown.outcome() == Outcome.FAILED ? shown : reviewed, notes));
    }

    private ObjectNode checkRun(GithubApp app, AskedQuestion question, Reply reply, String known) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("name", app.checkRun() + " / " + question.fact(ENVIRONMENT));
        if (known.isEmpty()) {
            body.put("head_sha", Revision.of(question.facts()).sha());
        }
        body.put("external_id", reply.decision());
        if (url != null) {
            body.put("details_url", url.toString().replaceAll("/+$", "") + "/v1/decisions/" + reply.decision());
        }
        body.put("status", reply.isFinal() ? "completed" : "in_progress");
        if (reply.isFinal()) {
            body.put("conclusion", reply.state() == Reply.State.ALLOWED ? "success" : "failure");
        }
        String title = switch (reply.state()) {
            case PENDING -> "Not decided yet";
            case ALLOWED -> "Allowed";
            case DENIED -> "Not allowed";
        };
        body.putObject("output").put("title", title).put("summary", comment(reply));
        return body;
    }

    private static Optional<String> id(OutboundAnswer answer) {
        if (!answer.isSuccess()) {
            return Optional.empty();
        }
        JsonNode id = Calls.json(answer).path("id");
        return id.canConvertToLong() && id.asLong() > 0 ? Optional.of(id.asText()) : Optional.empty();
    }
}
