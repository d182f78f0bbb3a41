package dev.sluice.gateapi.deliver;

import dev.sluice.dora.CurrentRow;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.wire.Control;
import dev.sluice.wire.DeliveryAttempt;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that delivers orders to roll back, and tells people of those that they must look at. Of several replicas the one does
 * it to which a consumer group gives the order's partition.
 *
 * <p>An order is sent while all is as it was when it was given: the rollback job calls it ordered, this replica has read what runs and
 * what is set up within the last minute, the dora job is no further behind, the same deployment runs, and rollbacks are not stopped. What came of it is written to
 * the log of attempts until the job has heard it. A replica that dies between an answer and that sends it once more, under the same
 * {@code webhook-id}.
 */
public final class OrderDelivery extends OwnedWork {
    /** The id of the one stop of all rollbacks of a tenant. */
    public static final String ALL = "all";

    private static final Logger LOGGER = LoggerFactory.getLogger(OrderDelivery.class);
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration LONGEST_UNREAD = Duration.ofMinutes(1);
    private static final Duration SAID_AGAIN = Duration.ofSeconds(2);
    private static final int MOST_AT_ONCE = 128;
    private static final int MOST_AT_ONCE_TO_ONE = 8;

    private final Views views;
    private final EndpointSender sender;
    private final LogAppender attempts;
    private final Clock clock;
    private final MeterRegistry registry;
    /** What is done about each message that is not over, by its id. For the thread, but for the answers in it. */
    private final Map<String, Try> tries = new HashMap<>();

    private final SendingSlots slots = new SendingSlots(MOST_AT_ONCE, MOST_AT_ONCE_TO_ONE);

    /**
     * Creates it; {@link #start} starts it.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param views the orders, what runs, and what is set up
     * @param sender sends
     * @param attempts appends to the log of attempts
     * @param clock the time
     * @param registry counts what came of it
     */
    public OrderDelivery(
            String bootstrap,
            Views views,
            EndpointSender sender,
            LogAppender attempts,
            Clock clock,
            MeterRegistry registry) {
        super("deliver", bootstrap, Topic.ROLLBACKS, TICK);
        this.views = views;
        this.sender = sender;
        this.attempts = attempts;
        this.clock = clock;
        this.registry = registry;
        registry.gauge("sluice.rollbacks.escalated", views, OrderDelivery::untold);
    }

    /** Returns how many orders people must look at that nobody has been told of. */
    private static double untold(Views views) {
        return views.rollbacks().stream()
                .map(held -> held.row().order())
                .filter(order -> order != null && order.state().isEscalated() && order.peopleToldAt() == null)
                .count();
    }

    /** A topic that is not there yet would be looked for by the group only now and then, and without a plan there is no order. */
    @Override
    protected boolean isNeeded() {
        return views.hasRead(Topic.ROLLBACKS)
                && (!views.rollbacks().isEmpty()
                        || views.controls(Control.ROLLBACK_PLAN).findAny().isPresent());
    }

    @Override
    protected void look(Ownership ownership) {
        Instant now = clock.instant();
        Set<String> open = new HashSet<>();
        boolean believed = isFresh(now);
        for (Held<RollbackRow> held : views.rollbacks()) {
            RollbackOrder order = held.row().order();
            Word word = order == null ? null : Word.of(order, now);
            if (order == null || word == null) {
                continue;
            }
            String id = word.id(order);
            boolean owned = ownership.has(held.partition());
            // what was begun is ended here, though the partition is another replica's by now
            if (owned || tries.containsKey(id)) {
                open.add(id);
                Try attempt = tries.computeIfAbsent(id, unseen -> new Try(order.attempts()));
                guarded(held.row(), order, word, attempt, owned && believed, now);
            }
        }
        tries.keySet().retainAll(open);
    }

    /** One order that cannot be dealt with holds up no other. */
    private void guarded(RollbackRow row, RollbackOrder order, Word word, Try attempt, boolean believed, Instant now) {
        try {
            work(row, order, word, attempt, believed, now);
        } catch (RuntimeException e) {
            attempt.postpone(now.plus(SAID_AGAIN));
            LOGGER.atError().addKeyValue("order", order.id()).setCause(e).log("order not dealt with; trying again");
        }
    }

    private boolean isFresh(Instant now) {
        Instant oldest = now.minus(LONGEST_UNREAD);
        return views.readTo(Topic.CURRENT).filter(oldest::isBefore).isPresent()
                && views.readTo(Topic.CONTROL).filter(oldest::isBefore).isPresent()
                && views.age(Optional.empty(), now)
                        .filter(age -> age.compareTo(LONGEST_UNREAD) <= 0)
                        .isPresent();
    }

    private void work(RollbackRow row, RollbackOrder order, Word word, Try attempt, boolean believed, Instant now) {
        if (attempt.isSending()) {
            return;
        }
        Answer last = attempt.takeAnswer();
        if (last != null) {
            heard(row, order, word, attempt, last, now);
        }
        if (attempt.isOver()) {
            if (attempt.isToBeSaidAgain(now)) {
                report(row, order, attempt, now);
            }
            return;
        }
        String slot = Keys.of(row.tenant(), word.endpoint(order));
        if (!believed || !attempt.isDue(now) || !slots.isFree(slot)) {
            return;
        }
        if (word == Word.ORDER && (!now.isBefore(order.sendableUntil()) || !isFenceUp(row, order))) {
            return;
        }
        if (word == Word.ORDER
                && views.control(row.tenant(), Control.ROLLBACK_STOP, ALL).isPresent()) {
            attempt.end(Answer.of(Outcome.STOPPED, "rollbacks are stopped"));
            report(row, order, attempt, now);
            return;
        }
        send(row, order, word, attempt, now);
    }

    /** Whether the deployment runs that ran when the order was given; where not, the job will say so. */
    private boolean isFenceUp(RollbackRow row, RollbackOrder order) {
        KnownDeployment fence = order.fence();
        Optional<String> running = views.current(row.tenant(), row.service(), row.environment())
                .map(Held::row)
                .map(CurrentRow::deploymentId);
        return fence != null && running.filter(fence.id()::equals).isPresent();
    }

    private void send(RollbackRow row, RollbackOrder order, Word word, Try attempt, Instant now) {
        String name = word.endpoint(order);
        Optional<Held<Control>> endpoint = views.control(row.tenant(), Control.ENDPOINT, name);
        if (endpoint.isEmpty()) {
            attempt.begin();
            attempt.answered(Answer.of(Outcome.FAILED, "there is no endpoint " + name));
            return;
        }
        String slot = Keys.of(row.tenant(), name);
        CompletableFuture<Answer> sent =
                sender.send(row.tenant(), Endpoint.of(endpoint.get().row()), word.message(row, order), now);
        attempt.begin();
        slots.take(slot);
        var unused = sent.whenComplete((answer, failure) -> {
            slots.free(slot);
            attempt.answered(
                    failure == null
                            ? answer
                            : Answer.of(
                                    Outcome.FAILED,
                                    "it could not be sent: "
                                            + failure.getClass().getSimpleName()));
        });
    }

    private void heard(RollbackRow row, RollbackOrder order, Word word, Try attempt, Answer answer, Instant now) {
        boolean isOrder = word == Word.ORDER;
        Outcome outcome = answer.outcome();
        registry.counter(
                        "sluice.rollbacks.attempts",
                        "outcome",
                        outcome.name().toLowerCase(Locale.ROOT),
                        "type",
                        word.label())
                .increment();
        LOGGER.atInfo()
                .addKeyValue("order", order.id())
                .addKeyValue("service", row.service())
                .addKeyValue("environment", row.environment())
                .addKeyValue("type", isOrder ? Message.ORDERED : Message.ESCALATED)
                .addKeyValue("attempt", attempt.count())
                .addKeyValue("outcome", outcome)
                .log("rollback sent");
        boolean isTaken = outcome == Outcome.DELIVERED || outcome == Outcome.ACKNOWLEDGED;
        if (isOrder && (isTaken || outcome == Outcome.REFUSED)) {
            attempt.end(answer);
        } else if (!isOrder && isTaken) {
            attempt.end(Answer.of(Outcome.ESCALATED, answer.words()));
        } else if (outcome == Outcome.REFUSED) {
            attempt.wait(answer, Instant.MAX);
        } else {
            attempt.wait(answer, now.plus(RetrySchedule.pause(attempt.count(), answer.retryAfter())));
        }
        if (isOrder || attempt.isOver()) {
            report(row, order, attempt, now);
        }
    }

    private void report(RollbackRow row, RollbackOrder order, Try attempt, Instant now) {
        Answer answer = attempt.last();
        var told = new DeliveryAttempt(
                row.tenant(),
                row.service(),
                row.environment(),
                order.id(),
                answer.outcome(),
                now,
                attempt.count(),
                answer.words());
        attempt.said(now.plus(SAID_AGAIN));
        var unused = attempts.append(told.key(), Map.of(), Json.bytes(told)).whenComplete((place, failure) -> {
            if (failure != null) {
                LOGGER.atWarn()
                        .addKeyValue("order", order.id())
                        .setCause(failure)
                        .log("attempt not logged yet");
            }
        });
    }
}
