package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.deliver.Endpoint;
import dev.sluice.gateapi.deliver.EndpointSender;
import dev.sluice.gateapi.governance.DrillStanding.Due;
import dev.sluice.gateapi.governance.StatementIndex.KeptSchedule;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The part of the API by which it is set up when rollbacks are to be rehearsed, and that tells who is to rehearse them. It takes the verb by which it is
 * set up who is told to roll back, for it makes Sluice send to an endpoint. Each tenant sees its own only.
 */
public final class DrillScheduleApi implements AutoCloseable {
    private static final int OK = 200;

    private final Views views;
    private final DrillBook book;
    private final ControlLog log;
    private final Executor answers;
    private final Clock clock;
    private final DrillReminders reminders;
    private final MeasuredDrills measured;

    /**
     * Creates the part.
     *
     * @param views what is known
     * @param evidence knows the drills that are recorded
     * @param log writes what is set up
     * @param sender tells endpoints
     * @param bootstrap Kafka's bootstrap servers, by which replicas share that work
     * @param answers runs what follows
     * @param clock the time
     * @param registry counts the drills that are due and missed
     */
    public DrillScheduleApi(
            Views views,
            EvidenceView evidence,
            ControlLog log,
            EndpointSender sender,
            String bootstrap,
            Executor answers,
            Clock clock,
            MeterRegistry registry) {
        this.views = views;
        this.book = new DrillBook(evidence.index());
        this.log = log;
        this.answers = answers;
        this.clock = clock;
        this.reminders = new DrillReminders(bootstrap, views, book, log, sender, clock, registry);
        this.measured = new MeasuredDrills(bootstrap, views, evidence.index(), log, clock);
        registry.gauge("sluice.drills.due", book, kept -> kept.count(DrillStanding::isDue, clock.instant()));
        registry.gauge("sluice.drills.missed", book, kept -> kept.count(DrillStanding::isMissing, clock.instant()));
    }

    /** Begins to tell of drills that are due, and to record those that were asked for as rollbacks. */
    public void start() {
        reminders.start();
        measured.start();
    }

    @Override
    public void close() {
        reminders.close();
        measured.close();
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        routes.add(HandlerType.GET, "/v1/drill-schedules", Verb.READ, this::list);
        routes.add(HandlerType.GET, "/v1/drill-schedules/{name}", Verb.READ, this::read);
        routes.add(HandlerType.PUT, "/v1/drill-schedules/{name}", Verb.MANAGE_ENDPOINTS, this::put);
        routes.add(HandlerType.DELETE, "/v1/drill-schedules/{name}", Verb.MANAGE_ENDPOINTS, this::delete);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void requireRead() {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "what was set up has not been read from the log yet");
        }
    }

    private void list(Context ctx) {
        requireRead();
        Principal principal = Routes.principal(ctx);
        Instant now = now();
        List<ShownSchedule> shown = book.schedules().stream()
                .filter(kept -> kept.tenant().equals(principal.tenant())
                        && principal
                                .reach()
                                .includes(
                                        kept.schedule().service(),
                                        kept.schedule().environment()))
                .map(kept -> shown(principal, kept.name(), kept.schedule(), now))
                .sorted(Comparator.comparing(ShownSchedule::name))
                .toList();
        Requests.answer(ctx, OK, new Schedules(shown));
    }

    private ShownSchedule shown(Principal principal, String name, DrillSchedule schedule, Instant now) {
        DrillStanding standing = book.standing(principal.tenant(), schedule, DrillStanding.ALL, now);
        return new ShownSchedule(
                name, schedule.next(now).orElse(null), standing.current(), standing.missed(), schedule);
    }

    private void read(Context ctx) {
        requireRead();
        Principal principal = Routes.principal(ctx);
        KeptSchedule kept = present(ctx, principal);
        Requests.answer(ctx, OK, shown(principal, kept.name(), kept.schedule(), now()));
    }

    private KeptSchedule present(Context ctx, Principal principal) {
        KeptSchedule kept = book.find(principal.tenant(), ctx.pathParam("name"))
                .orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "there is no such schedule of drills"));
        requireReach(principal, kept.schedule());
        return kept;
    }

    private static void requireReach(Principal principal, DrillSchedule schedule) {
        principal.requireReach(schedule.service(), schedule.environment());
    }

    private void put(Context ctx) {
        requireRead();
        Principal principal = Routes.principal(ctx);
        String name = GovernanceApi.name(ctx);
        Instant now = now();
        Members body = Members.of(ctx);
        Optional<DrillSchedule> read = DrillSchedule.read(body, endpoint -> takesMessages(principal, endpoint), now);
        body.requireRight();
        DrillSchedule asked = read.orElseThrow();
        requireReach(principal, asked);
        Optional<DrillSchedule> present = book.find(principal.tenant(), name).map(KeptSchedule::schedule);
        present.ifPresent(schedule -> requireReach(principal, schedule));
        DrillSchedule schedule = present.map(asked::instead).orElse(asked);
        var control = new Control(
                principal.tenant(), Control.DRILL_SCHEDULE, name, principal.id(), now, false, schedule.json());
        append(ctx, control, shown(principal, name, schedule, now));
    }

    private boolean takesMessages(Principal principal, String endpoint) {
        return views.control(principal.tenant(), Control.ENDPOINT, endpoint)
                .map(held -> Endpoint.of(held.row()))
                .filter(Endpoint::takesMessages)
                .isPresent();
    }

    private void delete(Context ctx) {
        requireRead();
        Principal principal = Routes.principal(ctx);
        KeptSchedule kept = present(ctx, principal);
        Instant now = now();
        var deletion = new Control(
                kept.tenant(),
                Control.DRILL_SCHEDULE,
                kept.name(),
                principal.id(),
                now,
                true,
                kept.schedule().json());
        append(ctx, deletion, shown(principal, kept.name(), kept.schedule(), now));
    }

    private void append(Context ctx, Control changed, ShownSchedule answer) {
        CompletableFuture<Void> done =
                log.append(changed).thenRunAsync(() -> Requests.answer(ctx, OK, answer), answers);
        ctx.future(() -> done);
    }

    /** The schedules of drills of a tenant, by name. */
    record Schedules(List<ShownSchedule> schedules) {}

    /**
     * A schedule of drills.
     *
     * @param name its name
     * @param next when the next drill is due; null for never
     * @param current the one that is due; null if none is
     * @param lastMissed the last that was missed, within 400 days; null if none was
     * @param schedule what was set up
     */
    record ShownSchedule(
            String name,
            @Nullable Instant next,
            @Nullable Due current,
            @Nullable Due lastMissed,
            DrillSchedule schedule) {}
}
