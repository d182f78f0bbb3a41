package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.deliver.Answer;
import dev.sluice.gateapi.deliver.Endpoint;
import dev.sluice.gateapi.deliver.EndpointSender;
import dev.sluice.gateapi.deliver.Message;
import dev.sluice.gateapi.deliver.OwnedWork;
import dev.sluice.gateapi.deliver.Ownership;
import dev.sluice.gateapi.deliver.RetrySchedule;
import dev.sluice.gateapi.deliver.SendingSlots;
import dev.sluice.gateapi.deliver.Try;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.views.Views;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells endpoints what has become of pending decisions. That somebody is to be told stands in the control log before the pending answer
 * leaves, so any replica can do it; the one does to which a consumer group gives the record's partition. It judges the decision
 * again and again until it is final: nobody need read it. Told at least once, under the decision's id, within an hour of when it was to
 * expire at the latest.
 */
final class Callbacks extends OwnedWork {
    /** The type of what is told. */
    static final String TYPE = "dev.sluice.decision.final.v1";

    private static final Logger LOGGER = LoggerFactory.getLogger(Callbacks.class);
    private static final String ENDPOINT = "endpoint";
    private static final String DECISION = "decision";
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration JUDGED_EVERY = Duration.ofSeconds(1);
    private static final Duration TOLD_WITHIN = Duration.ofHours(1);
    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_AT_ONCE_TO_ONE = 8;
    private static final int MOST_WAITING = 1_000;

    private final Views views;
    private final ControlLog log;
    private final PendingDecisions decisions;
    private final EndpointSender sender;
    private final Clock clock;
    private final MeterRegistry registry;
    private final Map<String, Told> open = new HashMap<>();
    private final SendingSlots slots = new SendingSlots(MOST_AT_ONCE, MOST_AT_ONCE_TO_ONE);

    /**
     * Creates it; {@link #start} starts it.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param views who is to be told, and the endpoints
     * @param log writes and forgets who is to be told
     * @param decisions judges pending decisions again
     * @param sender sends
     * @param clock the time
     * @param registry counts what came of it
     */
    Callbacks(
            String bootstrap,
            Views views,
            ControlLog log,
            PendingDecisions decisions,
            EndpointSender sender,
            Clock clock,
            MeterRegistry registry) {
        super("callbacks", bootstrap, Topic.CONTROL, TICK);
        this.views = views;
        this.log = log;
        this.decisions = decisions;
        this.sender = sender;
        this.clock = clock;
        this.registry = registry;
    }

    /**
     * Returns normally if an endpoint can be told.
     *
     * @throws ApiException 400 if there is none of the name that takes webhooks
     */
    void requireEndpoint(Principal principal, String endpoint) {
        if (views.control(principal.tenant(), Control.ENDPOINT, endpoint)
                .map(held -> Endpoint.of(held.row()))
                .filter(Endpoint::takesMessages)
                .isEmpty()) {
            throw ApiException.invalidDocument("/callback", "there is no endpoint of this name that takes webhooks");
        }
    }

    /**
     * An endpoint is to be told what becomes of a decision.
     *
     * @return when the log has it
     * @throws ApiException 503 if too many are waited for
     */
    CompletableFuture<Void> ask(Principal principal, String endpoint, DecisionRecord pending) {
        long waiting = views.controls(Control.CALLBACK)
                .filter(held -> held.row().tenant().equals(principal.tenant()))
                .count();
        if (waiting >= MOST_WAITING) {
            throw new ApiException(ErrorType.BUSY, "too many decisions are waited for by a callback");
        }
        ObjectNode document = Json.mapper().createObjectNode().put(ENDPOINT, endpoint);
        document.set(DECISION, Json.mapper().valueToTree(pending));
        return log.append(new Control(
                principal.tenant(), Control.CALLBACK, pending.id(), principal.id(), clock.instant(), false, document));
    }

    @Override
    protected boolean isNeeded() {
        return views.hasRead(Topic.CONTROL)
                && views.controls(Control.CALLBACK).findAny().isPresent();
    }

    @Override
    protected void look(Ownership ownership) {
        Instant now = clock.instant();
        Set<String> seen = new HashSet<>();
        views.controls(Control.CALLBACK).forEach(held -> {
            Control control = held.row();
            boolean owned = ownership.has(held.partition());
            if (owned || open.containsKey(control.id())) {
                seen.add(control.id());
                guarded(control, owned, now);
            }
        });
        open.keySet().retainAll(seen);
    }

    /** One that cannot be told holds up no other. */
    private void guarded(Control control, boolean owned, Instant now) {
        try {
            work(control, open.computeIfAbsent(control.id(), id -> Told.of(control)), owned, now);
        } catch (RuntimeException e) {
            LOGGER.atError().addKeyValue("decision", control.id()).setCause(e).log("callback not dealt with");
            forget(control);
        }
    }

    private void work(Control control, Told told, boolean owned, Instant now) {
        if (told.attempt.isSending()) {
            return;
        }
        Answer answer = told.attempt.takeAnswer();
        if (answer != null) {
            heard(control, told, answer, now);
        }
        DecisionRecord decision = told.decision;
        if (told.attempt.isOver()) {
            if (told.attempt.isToBeSaidAgain(now)) {
                told.attempt.said(now.plus(JUDGED_EVERY));
                forget(control);
            }
        } else if (!now.isBefore(decision.expiresAt().plus(TOLD_WITHIN))) {
            over(control, told, "given_up");
        } else if (!owned || !told.attempt.isDue(now)) {
            return;
        } else if (decision.isPending()) {
            judge(told, now);
        } else if (slots.isFree(slot(control))) {
            send(control, told, decision, now);
        }
    }

    private static String slot(Control control) {
        return Keys.of(control.tenant(), control.document().path(ENDPOINT).asText());
    }

    private void judge(Told told, Instant now) {
        told.attempt.postpone(now.plus(JUDGED_EVERY));
        var unused = decisions.resolve(told.decision).thenAccept(decision -> {
            if (!decision.isPending()) {
                told.decision = decision;
            }
        });
    }

    private void send(Control control, Told told, DecisionRecord decision, Instant now) {
        String name = control.document().path(ENDPOINT).asText();
        told.attempt.begin();
        var endpoint = views.control(control.tenant(), Control.ENDPOINT, name);
        if (endpoint.isEmpty()) {
            told.attempt.answered(Answer.of(Outcome.FAILED, "there is no endpoint " + name));
            return;
        }
        JsonNode data = Json.mapper().valueToTree(decision.asOf(now));
        var message = Message.of(
                decision.id(), TYPE, decision.service() + "/" + decision.environment(), decision.decidedAt(), data);
        CompletableFuture<Answer> sent =
                sender.send(control.tenant(), Endpoint.of(endpoint.get().row()), message, now);
        String slot = slot(control);
        slots.take(slot);
        var unused = sent.whenComplete((answer, failure) -> {
            slots.free(slot);
            told.attempt.answered(
                    failure == null
                            ? answer
                            : Answer.of(Outcome.FAILED, failure.getClass().getSimpleName()));
        });
    }

    private void heard(Control control, Told told, Answer answer, Instant now) {
        if (answer.outcome() == Outcome.FAILED) {
            told.attempt.wait(answer, now.plus(RetrySchedule.pause(told.attempt.count(), answer.retryAfter())));
            count("failed");
        } else {
            over(control, told, answer.outcome() == Outcome.REFUSED ? "refused" : "told");
        }
    }

    private void over(Control control, Told told, String outcome) {
        told.attempt.end(Answer.of(Outcome.DELIVERED, outcome));
        count(outcome);
        LOGGER.atInfo()
                .addKeyValue("decision", control.id())
                .addKeyValue("outcome", outcome)
                .log("callback over");
        forget(control);
    }

    private void forget(Control control) {
        try {
            var unused = log.forget(new ControlLog.Thing(control.tenant(), Control.CALLBACK, control.id()));
        } catch (ApiException e) {
            LOGGER.atWarn().addKeyValue("decision", control.id()).setCause(e).log("callback not forgotten yet");
        }
    }

    private void count(String outcome) {
        registry.counter("sluice.callbacks", "outcome", outcome.toLowerCase(Locale.ROOT))
                .increment();
    }

    /** What is done about one decision. */
    private static final class Told {
        private final Try attempt = new Try(0);
        private volatile DecisionRecord decision;

        private Told(DecisionRecord decision) {
            this.decision = decision;
        }

        static Told of(Control control) {
            return new Told(Json.read(Json.bytes(control.document().path(DECISION)), DecisionRecord.class));
        }
    }
}
