package dev.sluice.rollbackjob;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DeploymentFact;
import dev.sluice.dora.Failure;
import dev.sluice.dora.IncidentFact;
import dev.sluice.rollback.Burn;
import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.RollbackBook;
import dev.sluice.rollback.RollbackDesk;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollback.Series;
import dev.sluice.rollbackjob.state.SeriesInput;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Control;
import dev.sluice.wire.DeliveryAttempt;
import dev.sluice.wire.ErrorBudgetDocument;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RollbackPlanDocument;
import dev.sluice.wire.RollbackRequestDocument;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Topic;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Services in environments, keyed by (tenant, service, environment): hands to the domain what is heard, and publishes the order each
 * time that it changes. A restart publishes nothing of the past: an order has the same id again and only goes forward.
 */
final class SeriesFunction extends KeyedProcessFunction<String, SeriesInput, OutRecord> {
    private static final List<String> ROLLED_BACK = List.of(Failure.Rule.ROLLED_BACK.name());

    private final Clock clock;
    private transient ValueState<byte[]> books;
    private transient ValueState<Long> timers;
    private transient Counter unreadable;

    /** Tells the moment, ms since the epoch. */
    interface Clock extends LongSupplier, Serializable {}

    SeriesFunction(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void open(OpenContext openContext) {
        books = getRuntimeContext().getState(new ValueStateDescriptor<>("book", TypeInformation.of(byte[].class)));
        timers = getRuntimeContext().getState(new ValueStateDescriptor<>("timer", Types.LONG));
        unreadable = getRuntimeContext().getMetricGroup().counter("unreadable");
    }

    @Override
    public void processElement(SeriesInput input, Context context, Collector<OutRecord> out) throws Exception {
        Series series = series(context.getCurrentKey());
        RollbackBook before = book();
        var desk = new RollbackDesk(series, before);
        Instant now = Instant.ofEpochMilli(clock.getAsLong());
        try {
            tell(desk, input, now);
        } catch (RuntimeException e) { // whatever cannot be read must not stop the job
            unreadable.inc();
            return;
        }
        settle(series, before, desk, now, context, out);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<OutRecord> out) throws Exception {
        timers.clear();
        Series series = series(context.getCurrentKey());
        RollbackBook before = book();
        var desk = new RollbackDesk(series, before);
        // the timer's own time, lest a clock that is late leaves undone what is due
        Instant now = Instant.ofEpochMilli(Math.max(timestamp, clock.getAsLong()));
        desk.moveOn(now);
        settle(series, before, desk, now, context, out);
    }

    private static void tell(RollbackDesk desk, SeriesInput input, Instant now) {
        switch (input.what()) {
            case CURRENT -> desk.runs(running(Json.read(input.content(), CurrentRow.class)), now);
            case DEPLOYMENT -> deployment(desk, Json.read(input.content(), DeploymentFact.class), now);
            case INCIDENT -> {
                IncidentFact fact = Json.read(input.content(), IncidentFact.class);
                incident(fact)
                        .ifPresentOrElse(
                                trigger -> desk.trigger(trigger, now),
                                () -> desk.withdraw(RollbackTrigger.Kind.INCIDENT, fact.id(), now));
            }
            case PLAN -> {
                Control control = Json.read(input.content(), Control.class);
                desk.plan(
                        control.deleted()
                                ? null
                                : RollbackPlanDocument.of(control).toDomain(),
                        control.at(),
                        now);
            }
            case REQUEST -> {
                Control control = Json.read(input.content(), Control.class);
                if (!control.deleted()) {
                    desk.trigger(RollbackRequestDocument.of(control).trigger(control), now);
                }
            }
            case ERROR_BUDGET -> {
                Control control = Json.read(input.content(), Control.class);
                if (!control.deleted()) {
                    Burn burn = ErrorBudgetDocument.of(control).burn(control);
                    desk.counted(burn, now);
                }
            }
            case ATTEMPT ->
                desk.reported(Json.read(input.content(), DeliveryAttempt.class).report(), now);
            case FAILED_CANARY -> desk.trigger(Json.read(input.content(), RollbackTrigger.class), now);
            case CANARY_OVER -> desk.canaryOver(new String(input.content(), StandardCharsets.UTF_8), now);
        }
    }

    private static @Nullable KnownDeployment running(CurrentRow row) {
        return row.deleted() || row.deploymentId() == null || row.since() == null
                ? null
                : new KnownDeployment(row.deploymentId(), row.version(), row.sha(), row.digest(), row.since(), false);
    }

    private static void deployment(RollbackDesk desk, DeploymentFact fact, Instant now) {
        Instant finishedAt = fact.finishedAt();
        if (finishedAt == null || fact.deleted()) {
            desk.isNone(fact.id(), now);
            return;
        }
        var deployment =
                new KnownDeployment(fact.id(), fact.version(), fact.sha(), fact.digest(), finishedAt, fact.failed());
        if (fact.result().equals("SUCCESS")) {
            desk.succeeded(deployment, fact.failureRules().equals(ROLLED_BACK), now);
        } else {
            desk.failed(deployment, now);
        }
    }

    /** An incident that is over, that no deployment has caused, or that is none, wants nothing. */
    private static Optional<RollbackTrigger> incident(IncidentFact fact) {
        if (fact.deleted()
                || fact.startedAt() == null
                || fact.resolvedAt() != null
                || !fact.changeCaused()
                || fact.deploymentIds().isEmpty()) {
            return Optional.empty();
        }
        String severity = fact.severity() == null ? "of no known severity" : fact.severity();
        String reason = "incident %s (%s), linked by rule %s%s"
                .formatted(fact.id(), severity, fact.rule(), fact.title() == null ? "" : ": " + fact.title());
        return Optional.of(
                RollbackTrigger.incident(fact.id(), fact.startedAt(), reason, fact.deploymentIds(), fact.severity()));
    }

    private void settle(
            Series series,
            RollbackBook before,
            RollbackDesk desk,
            Instant now,
            Context context,
            Collector<OutRecord> out)
            throws Exception {
        RollbackOrder published = before.order();
        RollbackBook book = desk.book();
        while (!Objects.equals(published, book.order())) {
            published = book.order();
            out.collect(record(RollbackRow.of(series, published)));
            desk.moveOn(now);
            book = desk.book();
        }
        if (book.holdsNothing()) {
            books.clear();
        } else if (!book.equals(before)) {
            books.update(Json.bytes(book));
        }
        schedule(desk.nextMoment().map(Instant::toEpochMilli).orElse(null), context);
    }

    private void schedule(@Nullable Long next, Context context) throws Exception {
        Long set = timers.value();
        if (Objects.equals(set, next)) {
            return;
        }
        if (set != null) {
            context.timerService().deleteProcessingTimeTimer(set);
        }
        if (next == null) {
            timers.clear();
            return;
        }
        context.timerService().registerProcessingTimeTimer(next);
        timers.update(next);
    }

    private RollbackBook book() throws Exception {
        byte[] kept = books.value();
        return kept == null ? RollbackBook.EMPTY : Json.read(kept, RollbackBook.class);
    }

    private static Series series(String key) {
        String[] parts = Keys.split(key);
        return new Series(parts[0], parts[1], parts[2]);
    }

    private static OutRecord record(RollbackRow row) {
        return new OutRecord(Topic.ROLLBACKS.topicName(), OutRecord.BY_KEY, row.key(), Json.bytes(row), Map.of());
    }
}
