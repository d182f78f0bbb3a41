package dev.sluice.dorajob;

import dev.sluice.catalogue.ServiceSettings;
import dev.sluice.dora.ChangeFact;
import dev.sluice.dora.DeliveryLedger;
import dev.sluice.dora.DeploymentFact;
import dev.sluice.dora.DriftEpisodeFact;
import dev.sluice.dora.IncidentFact;
import dev.sluice.dora.LedgerRows;
import dev.sluice.dora.PeriodRow;
import dev.sluice.dora.PullRequestFact;
import dev.sluice.dora.ServiceEnvironment;
import dev.sluice.dora.ShiftFact;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.IncidentChange;
import dev.sluice.dorajob.state.SettingsState;
import dev.sluice.streams.AttemptStart;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Stage 3, keyed by (tenant, service, environment): the delivery ledger, and when its rows are published.
 *
 * <p>A restart never publishes the past: until the watermark (progress) has passed the moment of the start, a touched key
 * waits for it; then it is published once, as it is by then. After that a touched key is published {@link #COALESCE}
 * later. Both mean: publish what this key is now. One more timer a key is for the next moment at which its rows change
 * without an input.
 */
final class DeliveryFunction extends KeyedProcessFunction<String, DeliveryInput, OutRecord>
        implements CheckpointedFunction {
    /** How long inputs of one key are gathered before it is published. */
    static final Duration COALESCE = Duration.ofMillis(50);

    /** Rows that change at midnight are spread over this time after it. */
    static final Duration SPREAD = Duration.ofMinutes(10);

    /** How long a deleted row is there for readers to see, before Kafka is told to forget its key. */
    static final Duration DELETED_FOR = Duration.ofDays(7);

    private final String zone;
    private final Clock clock;
    private transient @Nullable AttemptStart start;
    private transient long touches;
    private transient Map<String, Long> unpublished;
    private transient Map<String, String> headers;
    private transient ValueState<SettingsState> settings;
    private transient StateLedgerTables tables;
    private transient ValueState<Boolean> waiting;
    private transient ValueState<Long> nextChange;
    private transient MapState<String, Long> deletions;

    /** The moment and the means of a publication. */
    private record Publication(Instant now, TimerService timers, Collector<OutRecord> out) {}

    /** The wall clock, read once at the start of an attempt. */
    interface Clock extends LongSupplier, Serializable {}

    DeliveryFunction(ZoneId zone, Clock clock) {
        this.zone = zone.getId();
        this.clock = clock;
    }

    @Override
    public void open(OpenContext openContext) {
        headers = start().headers();
        unpublished = new LinkedHashMap<>();
        tables = StateLedgerTables.open(getRuntimeContext());
        waiting = getRuntimeContext().getState(new ValueStateDescriptor<>("waiting", Types.BOOLEAN));
        nextChange = getRuntimeContext().getState(new ValueStateDescriptor<>("next-change", Types.LONG));
        settings = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("settings", TypeInformation.of(SettingsState.class)));
        deletions = getRuntimeContext().getMapState(new MapStateDescriptor<>("deletions", Types.STRING, Types.LONG));
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        start = AttemptStart.at(clock.getAsLong(), context);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        start().snapshot();
    }

    private AttemptStart start() {
        return Objects.requireNonNull(start);
    }

    /** Returns how many times a key has come to wait for its publication. */
    long touches() {
        return touches;
    }

    /** Returns whether rows are published at a watermark: it has passed the start of this attempt. */
    boolean isPublishing(long watermark) {
        return start().isPassedBy(watermark);
    }

    /**
     * Returns whether everything is published that was touched before a moment.
     *
     * @param touchesBefore the touches that preceded it
     */
    boolean isPublishedUpTo(long touchesBefore) {
        return unpublished.isEmpty() || unpublished.values().iterator().next() > touchesBefore;
    }

    @Override
    public void processElement(DeliveryInput input, Context context, Collector<OutRecord> out) throws Exception {
        DeliveryLedger ledger = ledger(input.tenant(), input.service(), input.environment());
        if (input.settings() != null) {
            ServiceEnvironment before = series(input.tenant(), input.service(), input.environment());
            settings.update(input.settings());
            ledger = ledger(input.tenant(), input.service(), input.environment());
            ledger.settingsChanged(before);
        }
        if (input.observation() != null) {
            ledger.observe(input.observation().toDomain());
        }
        if (input.ownership() != null) {
            ledger.own(input.ownership().toDomain());
        }
        if (input.pullRequest() != null) {
            ledger.own(input.pullRequest().toDomain());
        }
        if (input.link() != null) {
            ledger.link(input.link().toDomain());
        }
        if (input.claim() != null) {
            ledger.claim(input.claim().claim().toDomain(), input.claim().withdrawn());
        }
        if (input.incident() != null) {
            take(ledger, input.incident());
        }
        if (input.drift() != null) {
            ledger.check(input.drift().toDomain());
        }
        if (waiting.value() == null && ledger.isDirty()) {
            waiting.update(true);
            unpublished.put(context.getCurrentKey(), ++touches);
            waitToPublish(context.timerService());
        }
    }

    private static void take(DeliveryLedger ledger, IncidentChange change) {
        if (change.left()) {
            ledger.removeIncident(change.id());
        } else {
            ledger.put(change.toDomain());
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<OutRecord> out) throws Exception {
        TimerService timers = context.timerService();
        if (!start().isPassedBy(timers.currentWatermark())) {
            waitToPublish(timers);
            return;
        }
        // at the end of a bounded input the watermark is no moment; then the timer's own time is
        long progress = timers.currentWatermark() == Long.MAX_VALUE ? timestamp : timers.currentWatermark();
        Long next = nextChange.value();
        if (waiting.value() != null || (next != null && next <= progress)) {
            publish(context.getCurrentKey(), Instant.ofEpochMilli(progress), timers, out);
        }
        if (isHour(timestamp) || timestamp == start().millis()) {
            forget(progress, out);
        }
    }

    /** Deletions are forgotten at whole hours; what is due when an attempt starts, then. */
    private static boolean isHour(long timestamp) {
        return timestamp % Duration.ofHours(1).toMillis() == 0;
    }

    private void waitToPublish(TimerService timers) {
        if (!start().isPassedBy(timers.currentWatermark())) {
            timers.registerEventTimeTimer(start().millis());
        } else {
            timers.registerProcessingTimeTimer(timers.currentProcessingTime() + COALESCE.toMillis());
        }
    }

    private void publish(String key, Instant now, TimerService timers, Collector<OutRecord> out) throws Exception {
        waiting.clear();
        unpublished.remove(key);
        String[] parts = Keys.split(key);
        DeliveryLedger ledger = ledger(parts[0], parts[1], parts[2]);
        collectAll(key, ledger.emit(now), new Publication(now, timers, out));
        Long before = nextChange.value();
        if (before != null && !isHour(before)) { // at whole hours deletions may wait for it too
            timers.deleteEventTimeTimer(before);
        }
        Optional<Instant> next = ledger.nextChange(now);
        if (next.isPresent()) {
            long at = next.get().toEpochMilli() + Math.floorMod(key.hashCode(), SPREAD.toMillis());
            timers.registerEventTimeTimer(at);
            nextChange.update(at);
        } else {
            nextChange.clear();
        }
    }

    private void collectAll(String key, LedgerRows rows, Publication publication) throws Exception {
        if (rows.dora() != null) {
            collect(Topic.DORA, key, rows.dora(), rows.dora().deleted(), publication);
        }
        if (rows.current() != null) {
            collect(Topic.CURRENT, key, rows.current(), rows.current().deleted(), publication);
        }
        for (PeriodRow row : rows.periods()) {
            String rowKey = key + "/" + Keys.of(row.period().wireName(), row.label());
            collect(Topic.PERIODS, rowKey, row, row.deleted(), publication);
        }
        for (DeploymentFact fact : rows.deployments()) {
            String factKey = Keys.of(fact.tenant(), "deployment", fact.service(), fact.environment(), fact.id());
            collect(Topic.FACTS, factKey, fact, fact.deleted(), publication);
        }
        for (ChangeFact fact : rows.changes()) {
            String factKey =
                    Keys.of(fact.tenant(), "change", fact.service(), fact.environment(), fact.repository(), fact.sha());
            collect(Topic.FACTS, factKey, fact, fact.deleted(), publication);
        }
        for (IncidentFact fact : rows.incidents()) {
            String factKey = Keys.of(fact.tenant(), "incident", fact.service(), fact.environment(), fact.id());
            collect(Topic.FACTS, factKey, fact, fact.deleted(), publication);
        }
        for (DriftEpisodeFact fact : rows.driftEpisodes()) {
            String openedAt = fact.openedAt().toString();
            String factKey =
                    Keys.of(fact.tenant(), "drift", fact.service(), fact.environment(), fact.resource(), openedAt);
            collect(Topic.FACTS, factKey, fact, fact.deleted(), publication);
        }
        collectPullRequests(rows.pullRequests(), publication);
        collectShifts(rows.shifts(), publication);
    }

    private void collectShifts(List<ShiftFact> facts, Publication publication) throws Exception {
        for (ShiftFact fact : facts) {
            String factKey = Keys.of(
                    fact.tenant(),
                    "shift",
                    fact.service(),
                    fact.environment(),
                    fact.metric(),
                    fact.direction().name(),
                    fact.began().toString());
            collect(Topic.FACTS, factKey, fact, fact.deleted(), publication);
        }
    }

    private void collectPullRequests(List<PullRequestFact> facts, Publication publication) throws Exception {
        for (PullRequestFact fact : facts) {
            String factKey = Keys.of(
                    fact.tenant(), "pull_request", fact.service(), fact.environment(), fact.repository(), fact.id());
            collect(Topic.FACTS, factKey, fact, fact.deleted(), publication);
        }
    }

    private void collect(Topic topic, String key, Object row, boolean deleted, Publication publication)
            throws Exception {
        publication.out().collect(new OutRecord(topic.topicName(), OutRecord.BY_KEY, key, Json.bytes(row), headers));
        String deletion = topic.topicName() + " " + key;
        if (deleted && !deletions.contains(deletion)) {
            // one timer an hour for all that is deleted in it
            long forgetAt = publication
                    .now()
                    .plus(DELETED_FOR)
                    .truncatedTo(ChronoUnit.HOURS)
                    .plus(Duration.ofHours(1))
                    .toEpochMilli();
            deletions.put(deletion, forgetAt);
            publication.timers().registerEventTimeTimer(forgetAt);
        } else if (!deleted && deletions.contains(deletion)) {
            deletions.remove(deletion);
        }
    }

    /** Publishes the tombstones of rows that were deleted long enough ago. */
    private void forget(long progress, Collector<OutRecord> out) throws Exception {
        for (Iterator<Map.Entry<String, Long>> all = deletions.iterator(); all.hasNext(); ) {
            Map.Entry<String, Long> deletion = all.next();
            if (deletion.getValue() <= progress) {
                int space = deletion.getKey().indexOf(' ');
                String topic = deletion.getKey().substring(0, space);
                String key = deletion.getKey().substring(space + 1);
                out.collect(OutRecord.tombstone(topic, key, headers));
                all.remove();
            }
        }
        if (deletions.isEmpty()) {
            deletions.clear(); // the heap keeps an empty map of a key otherwise
        }
    }

    private DeliveryLedger ledger(String tenant, String service, String environment) throws IOException {
        return new DeliveryLedger(series(tenant, service, environment), tables);
    }

    private ServiceEnvironment series(String tenant, String service, String environment) throws IOException {
        SettingsState set = settings.value();
        return ServiceEnvironment.of(
                tenant, service, environment, set == null ? ServiceSettings.USUAL : set.toDomain(), ZoneId.of(zone));
    }
}
