package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.deliver.OwnedWork;
import dev.sluice.gateapi.deliver.Ownership;
import dev.sluice.gateapi.governance.Statement.DrillStatement;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.rollback.Rehearsal;
import dev.sluice.wire.Control;
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
 * replica does to which a consumer group gives the partition of the order; of two that do it both write the same.
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
     * @param views the orders, and what came of them
     * @param index the drills that are recorded
     * @param log writes the drills
     * @param clock the time
     */
    MeasuredDrills(String bootstrap, Views views, StatementIndex index, ControlLog log, Clock clock) {
        super("measured-drills", bootstrap, Topic.ROLLBACKS, TICK);
        this.views = views;
        this.index = index;
        this.log = log;
        this.clock = clock;
    }

    @Override
    protected boolean isNeeded() {
        return views.hasRead(Topic.CONTROL)
                && views.hasRead(Topic.ROLLBACKS)
                && views.rollbacks().stream()
                        .anyMatch(held -> rehearsal(held.row()).isPresent());
    }

    @Override
    protected void look(Ownership ownership) {
        views.rollbacks().stream()
                .filter(held -> ownership.has(held.partition()))
                .map(Held::row)
                .forEach(row -> rehearsal(row)
                        .map(shown -> drill(row, shown))
                        .filter(drill -> !isRecorded(row.tenant(), drill))
                        .ifPresent(drill -> append(row.tenant(), drill)));
    }

    private static Optional<Rehearsal> rehearsal(RollbackRow row) {
        return Optional.ofNullable(row.order()).flatMap(Rehearsal::of);
    }

    private static DrillStatement drill(RollbackRow row, Rehearsal shown) {
        return new DrillStatement(
                row.service(),
                row.environment(),
                shown.succeeded(),
                shown.took().toMillis() / 1000.0,
                null,
                shown.at().truncatedTo(ChronoUnit.MILLIS));
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
