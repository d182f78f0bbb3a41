package dev.sluice.gateapi.callers.asked;

import static java.util.Objects.requireNonNull;

import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.decide.GateQuestions;
import dev.sluice.gateapi.decide.GivenDecision;
import dev.sluice.gateapi.deliver.OwnedWork;
import dev.sluice.gateapi.deliver.Ownership;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.ids.TimedIds;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that decides the questions that are kept, and tells those who ask. Of several replicas the one does it to which a consumer group
 * gives the question's partition.
 *
 * <p>The id of a decision is kept before the gate is asked, so that whoever goes on finds the decision in the log and makes no second one.
 * A decision is told until it is taken or has expired; then the gate is asked anew, and so it is where an allow could not be told for
 * {@link #TOLD_WITHIN}, or what it rests on has ended. Where a gate was pending until the decision expired, that is
 * a no, and it is told. Nothing but a decision that allows, stands in the log
 * and has not expired is told as a yes. Where by what is set up now something else would be asked, that is asked instead; where another server
 * would be told, nothing is. A question that could not be answered within {@link #ANSWERED_WITHIN} is given up: no answer is no yes.
 */
public final class Answering extends OwnedWork {
    /** How long it is tried to answer a question. */
    static final Duration ANSWERED_WITHIN = Duration.ofHours(24);

    /** How long a question is kept, to know it again: GitHub can send a message again for three days. */
    static final Duration KEPT = Duration.ofDays(4);

    /** An allow that is older is not told: the gate is asked anew. */
    static final Duration TOLD_WITHIN = Duration.ofSeconds(30);

    private static final Logger LOGGER = LoggerFactory.getLogger(Answering.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration JUDGED_EVERY = Duration.ofSeconds(1);
    private static final Duration ID_GOOD_FOR = Duration.ofSeconds(4);
    /** How many questions of a tenant are judged at once, and as many are told. */
    private static final int MOST_OF_ONE = 16;

    private static final int MOST_AT_ONCE = 64;
    private static final String NOT_ALL_TAKEN = "something that goes with the answer was not taken";
    private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);

    private final Views views;
    private final ControlLog log;
    private final GateQuestions gates;
    private final Map<String, Caller> callers;
    private final Set<String> setups;
    private final Executor answers;
    private final Clock clock;
    private final MeterRegistry registry;
    private final Turns judging = new Turns(MOST_OF_ONE, MOST_AT_ONCE);
    private final Turns telling = new Turns(MOST_OF_ONE, MOST_AT_ONCE);
    private final Map<String, OpenQuestion> open = new HashMap<>();

    /**
     * Creates it; {@link #start} starts it.
     *
     * @param means what it works with
     * @param gates decides
     * @param callers how each kind is answered
     * @param setups the kinds of what is set up of callers: with one of them there may be a question soon
     */
    public Answering(Means means, GateQuestions gates, List<Caller> callers, Set<String> setups) {
        super("questions", means.bootstrap(), Topic.CONTROL, TICK);
        this.views = means.views();
        this.log = means.log();
        this.gates = gates;
        this.callers = callers.stream().collect(Collectors.toUnmodifiableMap(Caller::kind, Function.identity()));
        this.setups = Set.copyOf(setups);
        this.answers = means.answers();
        this.clock = means.clock();
        this.registry = means.registry();
    }

    @Override
    protected boolean isNeeded() {
        return views.hasRead(Topic.CONTROL)
                && (views.controls(Control.GATE_QUESTION).findAny().isPresent()
                        || setups.stream()
                                .anyMatch(kind -> views.controls(kind).findAny().isPresent()));
    }

    @Override
    protected void look(Ownership ownership) {
        Instant now = clock.instant();
        Set<String> seen = new HashSet<>();
        views.controls(Control.GATE_QUESTION).forEach(held -> {
            boolean owned = ownership.has(held.partition());
            OpenQuestion known = open.get(held.row().key());
            if (owned && isToBeForgotten(held.row(), now)) {
                forget(held.row());
            } else if ((owned && !Questions.isEnded(held.row())) || (known != null && known.isBusy())) {
                seen.add(held.row().key());
                guarded(held, owned, now);
            }
        });
        open.keySet().retainAll(seen);
        judging.begin();
        telling.begin();
    }

    private static boolean isToBeForgotten(Control control, Instant now) {
        String endedAt = control.document().path("ended").path("at").asText();
        return !endedAt.isEmpty() && !now.isBefore(Instant.parse(endedAt).plus(KEPT));
    }

    private void forget(Control control) {
        try {
            var unused = log.forget(new ControlLog.Thing(control.tenant(), control.kind(), control.id()));
        } catch (ApiException e) {
            LOGGER.atWarn().addKeyValue("question", control.id()).setCause(e).log("question not forgotten yet");
        }
    }

    /** One that cannot be dealt with holds up no other. */
    private void guarded(Held<Control> held, boolean owned, Instant now) {
        Control control = held.row();
        try {
            OpenQuestion one = open.computeIfAbsent(control.key(), key -> new OpenQuestion(AskedQuestion.of(control)));
            if (!one.isBusy()) {
                one.takeResult();
                if (one.isOver() || (!owned && !one.isBusy())) {
                    // it is asked again, or another replica goes on: what is known here may be older than what is kept
                    open.remove(control.key());
                } else if (!one.isBusy() && one.isDue(now)) {
                    work(control, one, now);
                }
            }
        } catch (RuntimeException e) {
            notDealtWith(control, e);
        }
    }

    private void notDealtWith(Control control, RuntimeException failure) {
        LOGGER.atError()
                .addKeyValue("question", control.id())
                .setCause(failure)
                .log("question not dealt with; trying again");
        Optional.ofNullable(open.get(control.key())).ifPresent(one -> one.failed(clock.instant()));
    }

    /** Begins a step when it is its turn, unless by what is set up now something else is asked, or nothing. */
    private void inTurn(Turns turns, Control control, OpenQuestion one, Supplier<CompletableFuture<?>> step) {
        turns.wants(control.tenant(), one.dueSince(), () -> {
            try {
                return isAsSetUp(control, one) ? step.get() : NOTHING;
            } catch (RuntimeException e) {
                notDealtWith(control, e);
                return NOTHING;
            }
        });
    }

    private boolean isAsSetUp(Control control, OpenQuestion one) {
        AskedQuestion question = one.question();
        Optional<AskedQuestion> found = caller(question).now(control.tenant(), question);
        if (found.isEmpty()) {
            failed(control, one, new IllegalStateException("what has asked is not set up any more"));
            return false;
        }
        AskedQuestion present = found.get();
        if (present.isSameAs(question)) {
            return true;
        }
        if (isTold(question)) {
            end(control, one, "told", NOT_ALL_TAKEN, clock.instant());
        } else if (!present.fact(AskedQuestion.API).equals(question.fact(AskedQuestion.API))) {
            end(control, one, "refused", "by what is set up now it is another server that asks", clock.instant());
        } else {
            one.asksOtherwise(question.asking(present));
        }
        return false;
    }

    private static boolean isTold(AskedQuestion question) {
        return !question.note(AskedQuestion.TOLD).isEmpty()
                && question.note(AskedQuestion.TOLD).equals(question.decision());
    }

    private void work(Control control, OpenQuestion one, Instant now) {
        AskedQuestion question = one.question();
        if (one.isToBeKept()) {
            keep(control, one, now);
        } else if (!now.isBefore(question.askedAt().plus(ANSWERED_WITHIN))) {
            end(control, one, "given_up", "not answered within " + ANSWERED_WITHIN.toHours() + " h", now);
        } else if (question.refusal() != null) {
            wantsTold(control, one, Reply.refusal(question.refusal()));
        } else if (one.decision() == null) {
            inTurn(judging, control, one, () -> decide(control, one));
        } else {
            goOn(control, one, requireNonNull(one.decision()), now);
        }
    }

    private void keep(Control control, OpenQuestion one, Instant now) {
        AskedQuestion question = one.question();
        var unused = one.does(
                log.append(record(control, question, now)),
                kept -> one.isKept(question),
                failure -> failed(control, one, failure));
    }

    private static Control record(Control control, AskedQuestion question, Instant now) {
        return new Control(
                control.tenant(),
                control.kind(),
                control.id(),
                control.principal(),
                now.truncatedTo(ChronoUnit.MILLIS),
                false,
                Json.mapper().valueToTree(question));
    }

    private CompletableFuture<?> decide(Control control, OpenQuestion one) {
        Instant now = clock.instant();
        if (one.isToBeAsked()) {
            return ask(control, one, now);
        }
        String id = requireNonNull(one.question().decision());
        if (one.hasMadeId() && isNew(id, now)) {
            return one.does(
                    gates.decide(id, gateQuestion(control, one.question())),
                    one::decided,
                    failure -> failed(control, one, failure));
        }
        // the gate may have been asked by this id: by another replica, before a restart, or without an answer
        return one.does(
                gates.find(control.tenant(), id),
                found -> found.ifPresentOrElse(one::decided, one::isAskedAnew),
                failure -> failed(control, one, failure));
    }

    private CompletableFuture<?> ask(Control control, OpenQuestion one, Instant now) {
        String id = TimedIds.next(now);
        AskedQuestion withId = one.question().decidedBy(id);
        one.asks(withId);
        return one.does(
                log.append(record(control, withId, now))
                        .thenComposeAsync(kept -> gates.decide(id, gateQuestion(control, withId)), answers),
                decision -> {
                    one.isKept(withId);
                    one.decided(decision);
                },
                failure -> failed(control, one, failure));
    }

    private static GateQuestions.Question gateQuestion(Control control, AskedQuestion question) {
        return requireNonNull(question.subject()).question(control.tenant(), control.principal());
    }

    /** A decision is found in the log near the time that its id says. */
    private static boolean isNew(String id, Instant now) {
        return TimedIds.timeOf(id)
                .filter(made -> now.isBefore(made.plus(ID_GOOD_FOR)))
                .isPresent();
    }

    private void goOn(Control control, OpenQuestion one, GivenDecision decision, Instant now) {
        Reply reply = Reply.of(decision);
        AskedQuestion question = one.question();
        if (!reply.isFinal()) {
            if (question.isToBeReported(reply.reason(), caller(question).mostReports())) {
                wantsTold(control, one, reply);
            } else {
                inTurn(judging, control, one, () -> judgeAgain(control, one, decision));
            }
        } else if (!decision.isExpired(now) || (reply.state() == Reply.State.DENIED && !one.isToldInVain())) {
            wantsTold(control, one, reply);
        } else if (isTold(question)) {
            end(control, one, "told", NOT_ALL_TAKEN, now);
        } else {
            one.isAskedAnew();
        }
    }

    private CompletableFuture<?> judgeAgain(Control control, OpenQuestion one, GivenDecision decision) {
        one.waits(clock.instant().plus(JUDGED_EVERY));
        return one.does(
                gates.again(decision),
                again -> one.judgedAgain(again, clock.instant()),
                failure -> failed(control, one, failure));
    }

    private Caller caller(AskedQuestion question) {
        return requireNonNull(callers.get(question.caller()), question.caller());
    }

    private void wantsTold(Control control, OpenQuestion one, Reply reply) {
        inTurn(telling, control, one, () -> tell(control, one, reply));
    }

    private CompletableFuture<?> tell(Control control, OpenQuestion one, Reply reply) {
        if (reply.state() == Reply.State.ALLOWED && !isTold(one.question()) && isOutdated(one)) {
            one.isAskedAnew();
            return NOTHING;
        }
        boolean isOurs = views.control(control.tenant(), control.kind(), control.id())
                .map(held -> AskedQuestion.of(held.row()))
                .filter(kept -> kept.ended() == null
                        && Objects.equals(kept.decision(), one.question().decision()))
                .isPresent();
        if (!isOurs) {
            open.remove(control.key());
            return NOTHING;
        }
        return one.does(
                caller(one.question()).tell(control.tenant(), one.question(), reply),
                heard -> heard(control, one, reply, heard),
                failure -> notTaken(control, one, Optional.empty(), String.valueOf(failure)));
    }

    /** Since the decision the data may have changed, or a freeze have begun; what it rests on may have ended at any time. */
    private boolean isOutdated(OpenQuestion one) {
        GivenDecision decision = requireNonNull(one.decision());
        return decision.isOlderThan(TOLD_WITHIN, clock.instant()) || !gates.stillHolds(decision);
    }

    private void heard(Control control, OpenQuestion one, Reply reply, Heard heard) {
        Instant now = clock.instant();
        Outcome outcome = heard.answer().outcome();
        boolean isTaken = outcome == Outcome.DELIVERED;
        one.changes(one.question().noted(heard.notes()));
        if (!reply.isFinal()) {
            one.changes(one.question().reported(reply.reason()));
            count(one.question(), isTaken ? "reported" : "report_failed");
        } else if (isTaken || outcome == Outcome.REFUSED) {
            end(control, one, isTaken ? "told" : "refused", heard.answer().words(), now);
        } else {
            notTaken(control, one, heard.answer().retryAfter(), heard.answer().words());
        }
    }

    private void notTaken(Control control, OpenQuestion one, Optional<Duration> asked, String words) {
        one.notTaken(clock.instant(), asked);
        count(one.question(), "failed");
        LOGGER.atWarn()
                .addKeyValue("question", control.id())
                .addKeyValue("answer", words)
                .log("question not answered yet");
    }

    private void failed(Control control, OpenQuestion one, Throwable failure) {
        one.failed(clock.instant());
        count(one.question(), "failed");
        LOGGER.atWarn().addKeyValue("question", control.id()).setCause(failure).log("question not answered yet");
    }

    private void end(Control control, OpenQuestion one, String outcome, String words, Instant now) {
        one.changes(one.question().ended(outcome, words, now.truncatedTo(ChronoUnit.MILLIS)));
        count(one.question(), outcome);
        LOGGER.atInfo()
                .addKeyValue("question", control.id())
                .addKeyValue("decision", one.question().decision())
                .addKeyValue("outcome", outcome)
                .log("question over");
        keep(control, one, now);
    }

    private void count(AskedQuestion question, String outcome) {
        registry.counter("sluice.questions", "caller", question.caller(), "outcome", outcome)
                .increment();
    }
}
