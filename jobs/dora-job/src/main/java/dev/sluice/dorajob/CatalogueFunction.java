package dev.sluice.dorajob;

import dev.sluice.catalogue.AssignmentFact;
import dev.sluice.catalogue.CatalogueEntry;
import dev.sluice.catalogue.CatalogueTables;
import dev.sluice.catalogue.EnvironmentClassRow;
import dev.sluice.catalogue.ServiceSettingsFact;
import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CatalogueKind;
import dev.sluice.delivery.ServiceDescribed;
import dev.sluice.delivery.Table;
import dev.sluice.dora.ServiceEnvironment;
import dev.sluice.dorajob.state.AssignmentState;
import dev.sluice.dorajob.state.CatalogueInput;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.ServiceState;
import dev.sluice.dorajob.state.SettingsState;
import dev.sluice.streams.AttemptStart;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue, keyed by (tenant, kind, name): what is set for a service goes to its series; what belongs to what, and
 * what is set, becomes facts. What is touched after a restart is published once progress has passed the start.
 */
final class CatalogueFunction extends KeyedProcessFunction<String, CatalogueInput, DeliveryInput>
        implements CheckpointedFunction {
    /** Facts, and the classes of environments. */
    static final OutputTag<OutRecord> ROWS = new OutputTag<>("catalogue-facts", TypeInformation.of(OutRecord.class));

    private static final Instant ANY_TIME = Instant.EPOCH;

    private final String usualZone;
    private final DeliveryFunction.Clock clock;
    private transient @Nullable AttemptStart start;
    private transient StateCatalogueTables tables;
    private transient ValueState<CatalogueInput> waiting;

    CatalogueFunction(ZoneId usualZone, DeliveryFunction.Clock clock) {
        this.usualZone = usualZone.getId();
        this.clock = clock;
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

    @Override
    public void open(OpenContext openContext) {
        tables = StateCatalogueTables.open(getRuntimeContext());
        waiting = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("waiting", TypeInformation.of(CatalogueInput.class)));
    }

    @Override
    public void processElement(CatalogueInput input, Context context, Collector<DeliveryInput> out) throws Exception {
        CatalogueEntry entry = entry(input);
        if (input.environment() != null) {
            if (entry.isIn(input.environment())) {
                tell(entry, input, input.environment(), out);
            }
            return;
        }
        Map<Key, Object> before = rows(entry, input.tenant(), ANY_TIME);
        if (input.service() != null) {
            for (String environment : entry.describe(input.service().toDomain())) {
                tell(entry, input, environment, out);
            }
        }
        if (input.assignment() != null) {
            entry.assign(input.assignment().toDomain());
        }
        long watermark = context.timerService().currentWatermark();
        if (!start().isPassedBy(watermark)) {
            waiting.update(input);
            context.timerService().registerEventTimeTimer(start().millis());
            return;
        }
        Map<Key, Object> after = rows(entry, input.tenant(), ANY_TIME);
        rows(entry, input.tenant(), Instant.ofEpochMilli(watermark)).forEach((key, row) -> {
            if (!Objects.equals(after.get(key), before.get(key))) {
                context.output(ROWS, record(key, row));
            }
        });
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<DeliveryInput> out) throws Exception {
        CatalogueInput touched = waiting.value();
        if (touched != null) {
            waiting.clear();
            rows(entry(touched), touched.tenant(), Instant.ofEpochMilli(timestamp))
                    .forEach((key, row) -> context.output(ROWS, record(key, row)));
        }
    }

    private static void tell(
            CatalogueEntry entry, CatalogueInput input, String environment, Collector<DeliveryInput> out) {
        out.collect(DeliveryInput.of(input.tenant(), input.subject(), environment, SettingsState.of(entry.settings())));
    }

    private CatalogueEntry entry(CatalogueInput input) {
        return new CatalogueEntry(
                input.tenant(),
                CatalogueKind.valueOf(input.kind()),
                input.subject(),
                ZoneId.of(usualZone),
                ServiceEnvironment.LINK_WINDOW,
                tables);
    }

    /** The key of a row and its topic. */
    private record Key(Topic topic, String key) {
        static Key ofFact(String... parts) {
            return new Key(Topic.FACTS, Keys.of(parts));
        }
    }

    private static Map<Key, Object> rows(CatalogueEntry entry, String tenant, Instant now) {
        var rows = new LinkedHashMap<Key, Object>();
        ServiceSettingsFact settings = entry.settingsFact(now);
        if (settings != null) {
            rows.put(Key.ofFact(tenant, "service", settings.service()), settings);
        }
        for (AssignmentFact fact : entry.assignments(now)) {
            String day = fact.fromDay().toString();
            rows.put(Key.ofFact(tenant, "assignment", fact.kind(), fact.subject(), day), fact);
        }
        EnvironmentClassRow classes = entry.environmentClasses(now);
        if (classes != null) {
            rows.put(new Key(Topic.CURRENT, Keys.environmentClass(tenant, classes.environment())), classes);
        }
        return rows;
    }

    private OutRecord record(Key key, Object row) {
        var headers = new HashMap<>(start().headers());
        if (row instanceof EnvironmentClassRow) {
            headers.put(RecordHeaders.ROW, RecordHeaders.ENVIRONMENT_CLASS);
        }
        return new OutRecord(
                key.topic().topicName(), OutRecord.BY_KEY, key.key(), Json.bytes(row), Map.copyOf(headers));
    }

    private record StateCatalogueTables(
            Table<String, ServiceDescribed> description,
            Table<String, CatalogueAssigned> assignments,
            Table<String, Boolean> environments)
            implements CatalogueTables {
        static StateCatalogueTables open(RuntimeContext context) {
            return new StateCatalogueTables(
                    StateTable.mapped(
                            context, "description", ServiceState.class, ServiceState::of, ServiceState::toDomain),
                    StateTable.mapped(
                            context,
                            "assignments",
                            AssignmentState.class,
                            AssignmentState::of,
                            AssignmentState::toDomain),
                    StateTable.plain(context, "environments", Types.STRING, Types.BOOLEAN));
        }
    }
}
