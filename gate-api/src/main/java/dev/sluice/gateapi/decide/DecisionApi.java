package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.audit.ClaimLog;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.deliver.EndpointSender;
import dev.sluice.gateapi.deliver.OpenPolicyAgent;
import dev.sluice.gateapi.governance.EvidenceView;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.keys.SigningKeys;
import dev.sluice.gateapi.policy.Policies;
import dev.sluice.gateapi.policy.PolicyReader;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Json;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The part of the API that answers gates and shows decisions. */
public final class DecisionApi implements AutoCloseable {
    private final GateHandler gates;
    private final ReplayHandler replays;
    private final ConsumeHandler consumption;
    private final SignedDecisionHandler signed;
    private final Callbacks callbacks;
    private final Clock clock;
    private final GateQuestions questions;

    /**
     * Creates the part.
     *
     * @param views what is known
     * @param evidence what is known beside the metrics
     * @param policies what is required of whom, now and in the past
     * @param reader reads policies that callers send
     * @param log where decisions go
     * @param claims tells who was first
     * @param keys sign decisions
     * @param control writes who is to be told what becomes of a decision
     * @param sender tells them
     * @param agents asks whom the rules of gates ask
     * @param bootstrap Kafka's bootstrap servers, by which replicas share that work
     * @param answers runs what follows a look into the log
     * @param replaying runs replays, which may take long
     * @param clock the moment of a decision
     * @param registry counts decisions
     */
    public DecisionApi(
            Views views,
            Policies policies,
            EvidenceView evidence,
            PolicyReader reader,
            DecisionLog log,
            ClaimLog claims,
            SigningKeys keys,
            ControlLog control,
            EndpointSender sender,
            OpenPolicyAgent agents,
            String bootstrap,
            Executor answers,
            Executor replaying,
            Clock clock,
            MeterRegistry registry) {
        this.clock = clock;
        var judge = new GateJudge(views, policies, evidence, new ExternalRules(views, agents, answers));
        var pending = new PendingDecisions(judge, log, clock, registry);
        callbacks = new Callbacks(bootstrap, views, control, pending, sender, clock, registry);
        gates = new GateHandler(judge, log, clock, pending, callbacks, answers);
        replays = new ReplayHandler(log, judge, policies, reader, replaying);
        consumption = new ConsumeHandler(log, policies, claims, clock);
        signed = new SignedDecisionHandler(log, keys);
        questions = new GateQuestions(judge, policies, log, pending, clock);
    }

    /** Returns what asks gates for those who are answered by a call of their own. */
    public GateQuestions questions() {
        return questions;
    }

    /** Begins to tell what has become of pending decisions. */
    public void start() {
        callbacks.start();
    }

    /** Returns a decision of a tenant as it is now. */
    public CompletableFuture<JsonNode> decision(String tenant, String id) {
        return gates.newest(tenant, id).thenApply(decision -> json(decision.asOf(clock.instant())));
    }

    /** Returns what comes out when a decision is judged again by the policies of then. */
    public CompletableFuture<JsonNode> replay(String tenant, String id) {
        return replays.replay(tenant, id).thenApply(DecisionApi::json);
    }

    /**
     * Returns what comes out when a decision is judged by other policies.
     *
     * @param body which, as the API takes them
     */
    public CompletableFuture<JsonNode> whatIf(String tenant, String id, JsonNode body) {
        return replays.whatIf(tenant, id, body).thenApply(DecisionApi::json);
    }

    /** Answers with the decision of the path, signed. */
    public void signed(Context ctx) {
        signed.read(ctx);
    }

    /** Returns the decision that a record of the log holds, as it is to be read now; nothing if it holds another thing. */
    public Optional<JsonNode> decision(byte[] record) {
        return RecordedDecision.read(record)
                .map(RecordedDecision::decision)
                .map(decision -> json(decision.asOf(clock.instant())));
    }

    private static JsonNode json(Object shown) {
        return Json.mapper().valueToTree(shown);
    }

    @Override
    public void close() {
        callbacks.close();
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        routes.add(HandlerType.POST, "/v1/gates/{gate}/evaluate", Verb.EVALUATE, gates::evaluate);
        routes.add(HandlerType.GET, "/v1/decisions/{id}", Verb.READ, gates::read);
        routes.add(HandlerType.POST, "/v1/decisions/{id}/replay", Verb.READ, replays::replay);
        routes.add(HandlerType.POST, "/v1/decisions/{id}/what-if", Verb.READ, replays::whatIf);
        routes.add(HandlerType.POST, "/v1/decisions/{id}/consume", Verb.EVALUATE, consumption::consume);
        routes.add(HandlerType.GET, "/v1/decisions/{id}/jws", Verb.READ, signed::read);
    }
}
