package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.deliver.OwnedWork;
import dev.sluice.gateapi.deliver.Ownership;
import dev.sluice.gateapi.governance.Statement.DrillStatement;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.rollback.OrderState;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.wire.Control;
import dev.sluice.wire.MalformedRecordException;
import dev.sluice.wire.RollbackRequestDocument;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what came of rollbacks that were asked for as drills: from being asked for to the moment when the earlier version was seen to run. The
 * replica does to which a consumer group gives the partition of the request; of two that do it both write the same.
 */
final class MeasuredDrills extends OwnedWork {
    /** Who says so. No credential can have this name. */
    static final String WHO = "~sluice";

    private static final Logger LOGGER = LoggerFactory.getLogger(MeasuredDrills.class);
    private static final Duration TICK = Duration.ofMillis(500);

    private final Views views;
    private final StatementIndex index;
    private final ControlLog log;
    private final Clock clock;

    /**
     * Creates it; {@link #start} starts it.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param views the requests, and what came of them
     * @param index the drills that are recorded
     * @param log writes the drills
     * @param clock the time
     */
    MeasuredDrills(String bootstrap, Views views, StatementIndex index, ControlLog log, Clock clock) {
        super("measured-drills", bootstrap, Topic.CONTROL, TICK);
        this.views = views;
        this.index = index;
        this.log = log;
        this.clock = clock;
    }

    @Override
    protected boolean isNeeded() {
        return views.hasRead(Topic.CONTROL)
                && views.hasRead(Topic.ROLLBACKS)
                && views.controls(Control.ROLLBACK_REQUEST)
                        .anyMatch(held -> held.row().document().path("drill").booleanValue());
    }

    @Override
    protected void look(Ownership ownership) {
        views.controls(Control.ROLLBACK_REQUEST)
                .filter(held -> ownership.has(held.partition()))
                .map(Held::row)
                .forEach(this::record);
    }

    private void record(Control request) {
        try {
            RollbackRequestDocument asked = RollbackRequestDocument.of(request);
            order(request, asked)
                    .flatMap(order -> drill(request, asked, order))
                    .filter(drill -> !isRecorded(request.tenant(), drill))
                    .ifPresent(drill -> append(request.tenant(), drill));
        } catch (MalformedRecordException e) {
            LOGGER.atWarn().addKeyValue("request", request.id()).log("request of a rollback cannot be read");
        }
    }

    private Optional<RollbackOrder> order(Control request, RollbackRequestDocument asked) {
        return !asked.drill()
                ? Optional.empty()
                : views.rollback(request.tenant(), asked.service(), asked.environment())
                        .map(RollbackRow::order)
                        .filter(order -> order.trigger().kind() == RollbackTrigger.Kind.REQUEST
                                && order.trigger().id().equals(request.id()));
    }

    /** Returns what an order has shown: nothing where it was never tried, as by a plan that holds orders back. */
    static Optional<DrillStatement> drill(Control request, RollbackRequestDocument asked, RollbackOrder order) {
        boolean succeeded = order.state() == OrderState.VERIFIED;
        boolean failed = switch (order.state()) {
            case EXPIRED, REFUSED, UNVERIFIED, NO_TARGET -> true;
            case ORDERED, DELIVERED, ACKNOWLEDGED, VERIFIED, HELD, DRY_RUN, FENCED, STOPPED, CAPPED -> false;
        };
        return succeeded || failed
                ? Optional.of(new DrillStatement(
                        asked.service(),
                        asked.environment(),
                        succeeded,
                        Math.max(
                                        0,
                                        Duration.between(request.at(), order.since())
                                                .toMillis())
                                / 1000.0,
                        null,
                        order.since().truncatedTo(ChronoUnit.MILLIS)))
                : Optional.empty();
    }

    private boolean isRecorded(String tenant, DrillStatement drill) {
        return index.of(tenant, drill.service()).stream()
                .anyMatch(said ->
                        said.statement() instanceof DrillStatement && said.id().equals(drill.id()));
    }

    private void append(String tenant, DrillStatement drill) {
        var recorded = new Control(tenant, Control.DRILL, drill.id(), WHO, clock.instant(), false, drill.json());
        try {
            var unused = log.append(recorded).exceptionally(failure -> notYet(drill, failure));
        } catch (ApiException e) {
            var unused = notYet(drill, e);
        }
    }

    private static Void notYet(DrillStatement drill, Throwable failure) {
        LOGGER.atWarn()
                .addKeyValue("service", drill.service())
                .setCause(failure)
                .log("drill not recorded yet");
        return null;
    }
}
