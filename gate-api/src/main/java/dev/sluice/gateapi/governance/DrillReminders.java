package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.deliver.Answer;
import dev.sluice.gateapi.deliver.Endpoint;
import dev.sluice.gateapi.deliver.EndpointSender;
import dev.sluice.gateapi.deliver.OwnedWork;
import dev.sluice.gateapi.deliver.Ownership;
import dev.sluice.gateapi.governance.StatementIndex.KeptSchedule;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells endpoints that a drill is due, and that it was missed; the replica does to which a consumer group gives the partition of the
 * schedule's record. What was told last stands in the control log, one record for a schedule. Told at least once, under an id of its own: while
 * the drill is due, and for as long after it was missed; not where this replica has not read for a minute what is set up.
 */
final class DrillReminders extends OwnedWork {
    private static final Logger LOGGER = LoggerFactory.getLogger(DrillReminders.class);
    /** Short, so that what was told is noted soon. */
    private static final Duration TICK = Duration.ofMillis(100);

    private static final Duration LOOKED_EVERY = Duration.ofSeconds(1);
    private static final Duration LONGEST_UNREAD = Duration.ofMinutes(1);
    private static final String WHO = "sluice";

    private final Views views;
    private final DrillBook book;
    private final ControlLog log;
    private final EndpointSender sender;
    private final Clock clock;
    private final Reminding reminding;
    private List<DrillReminder> known = List.of();
    private Instant lookedAt = Instant.EPOCH;

    /**
     * Creates it; {@link #start} starts it.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param views what was told, and the endpoints
     * @param book how the schedules stand
     * @param log writes what was told
     * @param sender sends
     * @param clock the time
     * @param registry counts what came of it
     */
    DrillReminders(
            String bootstrap,
            Views views,
            DrillBook book,
            ControlLog log,
            EndpointSender sender,
            Clock clock,
            MeterRegistry registry) {
        super("drills", bootstrap, Topic.CONTROL, TICK);
        this.views = views;
        this.book = book;
        this.log = log;
        this.sender = sender;
        this.clock = clock;
        this.reminding = new Reminding(this::tell, this::note, registry);
    }

    @Override
    protected boolean isNeeded() {
        return views.hasRead(Topic.CONTROL)
                && (views.controls(Control.DRILL_SCHEDULE).findAny().isPresent()
                        || views.controls(Control.DRILL_REMINDER).findAny().isPresent());
    }

    @Override
    protected void look(Ownership ownership) {
        Instant now = clock.instant();
        if (views.readTo(Topic.CONTROL)
                .filter(now.minus(LONGEST_UNREAD)::isBefore)
                .isEmpty()) {
            return;
        }
        if (!now.isBefore(lookedAt.plus(LOOKED_EVERY))) {
            known = known(now);
            lookedAt = now;
            forgetDeleted(ownership);
        }
        List<DrillReminder> wanted = known.stream()
                .filter(reminder -> now.isBefore(reminder.until())
                        && !noted(reminder.kept()).has(reminder))
                .toList();
        reminding.look(wanted, ownership::has, now);
    }

    /** What is told no longer is not looked back for. */
    private List<DrillReminder> known(Instant now) {
        return book.schedules().stream()
                .filter(kept -> kept.schedule().endpoint() != null)
                .flatMap(kept -> {
                    Duration back = kept.schedule().length().multipliedBy(2);
                    return DrillReminder.of(kept, book.standing(kept, back, now), now).stream();
                })
                .toList();
    }

    private void forgetDeleted(Ownership ownership) {
        views.controls(Control.DRILL_REMINDER)
                .filter(held -> ownership.has(held.partition()))
                .map(Held::row)
                .filter(note -> views.control(note.tenant(), Control.DRILL_SCHEDULE, note.id())
                        .isEmpty())
                .forEach(this::forget);
    }

    private DrillNote noted(KeptSchedule kept) {
        return views.control(kept.tenant(), Control.DRILL_REMINDER, kept.name())
                .map(held -> DrillNote.of(held.row().document()))
                .orElse(DrillNote.NONE);
    }

    private CompletableFuture<Answer> tell(DrillReminder reminder, Instant now) {
        KeptSchedule kept = reminder.kept();
        String name = String.valueOf(kept.schedule().endpoint());
        Optional<Endpoint> endpoint = views.control(kept.tenant(), Control.ENDPOINT, name)
                .map(held -> Endpoint.of(held.row()))
                .filter(Endpoint::takesMessages);
        return endpoint.isEmpty()
                ? CompletableFuture.completedFuture(
                        Answer.of(Outcome.FAILED, "there is no endpoint " + name + " that takes webhooks"))
                : sender.send(kept.tenant(), endpoint.get(), reminder.message(), now);
    }

    private void note(DrillReminder reminder, Map<DrillReminder.Word, Instant> told) {
        KeptSchedule kept = reminder.kept();
        var control = new Control(
                kept.tenant(),
                Control.DRILL_REMINDER,
                kept.name(),
                WHO,
                clock.instant(),
                false,
                noted(kept).with(told).json());
        try {
            var unused = log.append(control);
        } catch (ApiException e) {
            LOGGER.atWarn().addKeyValue("schedule", kept.name()).setCause(e).log("reminder of a drill not noted yet");
        }
    }

    private void forget(Control note) {
        try {
            var unused = log.forget(new ControlLog.Thing(note.tenant(), note.kind(), note.id()));
        } catch (ApiException e) {
            LOGGER.atWarn()
                    .addKeyValue("schedule", note.id())
                    .setCause(e)
                    .log("reminders of a drill not forgotten yet");
        }
    }
}
