package dev.sluice.dorajob;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.EventInput;
import dev.sluice.dorajob.state.GraphInput;
import dev.sluice.dorajob.state.IncidentObservationState;
import dev.sluice.dorajob.state.ObservationState;
import dev.sluice.dorajob.state.ReferenceInput;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.EventCodec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The stages of the job without a cluster: each operator in a harness of its own, connected as {@link DoraJob} connects
 * them, in one thread. What one operator tells another waits on its way; which of them gets on next is chance, from a
 * seed, and what goes the same way stays in order, as in Flink.
 */
@SuppressWarnings("try") // Flink's harness declares Exception on close
final class StageHarnesses implements AutoCloseable {
    private static final VoidNamespace NO_NAMESPACE = VoidNamespace.INSTANCE;

    private static final int ARRIVALS_AN_EVENT = 8;

    private final Random random;
    private final Map<Way, Queue<Step>> ways = new EnumMap<>(Way.class);
    private final NavigableMap<String, byte[]> rows = new TreeMap<>();
    private Operators operators;

    /** From one operator to another. */
    private enum Way {
        CHANGES,
        ATTEMPTS,
        REFERENCES_OF_ATTEMPTS,
        REFERENCES_OF_INCIDENTS,
        OWNERSHIPS,
        LINKS,
        INCIDENTS,
        CHECKS
    }

    /** An arrival. */
    private interface Step {
        void take() throws Exception;
    }

    private StageHarnesses(Operators operators, Random random) {
        this.operators = operators;
        this.random = random;
    }

    /**
     * Starts the stages.
     *
     * @param startedAt what the clock says then
     * @param random decides what arrives next
     */
    static StageHarnesses start(Instant startedAt, Random random) throws Exception {
        return new StageHarnesses(Operators.open(startedAt, Snapshots.NONE), random);
    }

    /** Takes an event as it comes from the topic, and lets some of what follows from it and from earlier ones arrive. */
    void accept(DeliveryEvent event) throws Exception {
        EventInput input = DecodeFunction.input(EventCodec.decode(EventCodec.encode(event)));
        var changes = new ArrayList<GraphInput>();
        DoraJob.changes(input, new ListCollector<>(changes));
        changes.forEach(change -> on(Way.CHANGES, () -> graph(change)));
        var checks = new ArrayList<DeliveryInput>();
        DoraJob.checks(input, new ListCollector<>(checks));
        checks.forEach(check -> on(Way.CHECKS, () -> deliver(check)));
        var attempts = new ArrayList<ObservationState>();
        DoraJob.observations(input, new ListCollector<>(attempts));
        for (ObservationState attempt : attempts) {
            operators.attempts().processElement(attempt, 0);
            taken(operators.attempts()).forEach(each -> on(Way.ATTEMPTS, () -> graph(each)));
            taken(operators.attempts(), AttemptFunction.REFERENCES)
                    .forEach(each -> on(Way.REFERENCES_OF_ATTEMPTS, () -> refer(each)));
        }
        var incidents = new ArrayList<IncidentObservationState>();
        DoraJob.incidents(input, new ListCollector<>(incidents));
        for (IncidentObservationState incident : incidents) {
            operators.incidents().processElement(incident, 0);
            taken(operators.incidents()).forEach(each -> on(Way.INCIDENTS, () -> deliver(each)));
            taken(operators.incidents(), IncidentFunction.REFERENCES)
                    .forEach(each -> on(Way.REFERENCES_OF_INCIDENTS, () -> refer(each)));
        }
        boolean arrived = true;
        while (arrived && random.nextInt(ARRIVALS_AN_EVENT) != 0) {
            arrived = step();
        }
    }

    private void on(Way way, Step step) {
        ways.computeIfAbsent(way, key -> new ArrayDeque<>()).add(step);
    }

    /** Lets one thing arrive; returns whether there was any. */
    private boolean step() throws Exception {
        List<Queue<Step>> waiting =
                ways.values().stream().filter(way -> !way.isEmpty()).toList();
        if (waiting.isEmpty()) {
            return false;
        }
        waiting.get(random.nextInt(waiting.size())).remove().take();
        return true;
    }

    private void arrive() throws Exception {
        boolean arrived = true;
        while (arrived) {
            arrived = step();
        }
    }

    private void graph(GraphInput input) throws Exception {
        operators.graph().processElement(input, 0);
        taken(operators.graph()).forEach(each -> on(Way.OWNERSHIPS, () -> deliver(each)));
    }

    private void refer(ReferenceInput input) throws Exception {
        operators.references().processElement(input, 0);
        taken(operators.references()).forEach(each -> on(Way.LINKS, () -> deliver(each)));
    }

    private void deliver(DeliveryInput input) throws Exception {
        operators.delivery().processElement(input, 0);
    }

    /** Lets the time pass that inputs are gathered for, so that what was touched is published. */
    void publish() throws Exception {
        operators
                .delivery()
                .setProcessingTime(operators.delivery().getProcessingTime() + DeliveryFunction.COALESCE.toMillis());
        read();
    }

    /** Lets everything arrive, then progress, and publishes what it allows. */
    void progress(Instant to) throws Exception {
        arrive();
        operators.delivery().processWatermark(to.toEpochMilli());
        publish();
    }

    /** Takes a snapshot of every operator, ends them all, and starts others from the snapshots. */
    void restart(Instant startedAt) throws Exception {
        arrive();
        Snapshots snapshots = operators.snapshots();
        long time = operators.delivery().getProcessingTime();
        operators.close();
        operators = Operators.open(startedAt, snapshots);
        operators.delivery().setProcessingTime(time);
    }

    /** Returns the latest row of each topic and key that is not forgotten. */
    PublishedRows rows() {
        return new PublishedRows(rows);
    }

    private void read() {
        for (OutRecord record : taken(operators.delivery())) {
            String key = record.topic() + " " + record.key();
            if (record.value() == null) {
                rows.remove(key);
            } else {
                rows.put(key, record.content());
            }
        }
    }

    /** Returns how many entries of state there are, beside those of the named tables. */
    long stateBeside(String... tables) {
        return operators.all().stream()
                .mapToLong(harness -> harness.numKeyedStateEntries() - entries(harness, tables))
                .sum();
    }

    private static long entries(KeyedOneInputStreamOperatorTestHarness<String, ?, ?> harness, String... tables) {
        long entries = 0;
        for (String table : tables) {
            entries += harness.getOperator()
                    .getKeyedStateBackend()
                    .getKeys(table, NO_NAMESPACE)
                    .count();
        }
        return entries;
    }

    /** Returns how many timers are set. */
    int timers() {
        return operators.delivery().numEventTimeTimers() + operators.delivery().numProcessingTimeTimers();
    }

    private static <O> List<O> taken(KeyedOneInputStreamOperatorTestHarness<String, ?, O> harness) {
        List<O> values = harness.extractOutputValues();
        harness.getOutput().clear();
        return values;
    }

    private static <X> List<X> taken(KeyedOneInputStreamOperatorTestHarness<String, ?, ?> harness, OutputTag<X> tag) {
        Queue<StreamRecord<X>> side = harness.getSideOutput(tag);
        if (side == null) {
            return List.of(); // nothing was ever told there
        }
        List<X> values = side.stream().map(StreamRecord::getValue).toList();
        side.clear();
        return values;
    }

    @Override
    public void close() throws Exception {
        operators.close();
    }

    /** The state of each operator, or null where there is none yet. */
    private record Snapshots(
            @Nullable OperatorSubtaskState attempts,
            @Nullable OperatorSubtaskState incidents,
            @Nullable OperatorSubtaskState graph,
            @Nullable OperatorSubtaskState references,
            @Nullable OperatorSubtaskState delivery) {
        static final Snapshots NONE = new Snapshots(null, null, null, null, null);
    }

    /** One attempt of the job: its keyed operators. */
    private record Operators(
            KeyedOneInputStreamOperatorTestHarness<String, ObservationState, GraphInput> attempts,
            KeyedOneInputStreamOperatorTestHarness<String, IncidentObservationState, DeliveryInput> incidents,
            KeyedOneInputStreamOperatorTestHarness<String, GraphInput, DeliveryInput> graph,
            KeyedOneInputStreamOperatorTestHarness<String, ReferenceInput, DeliveryInput> references,
            KeyedOneInputStreamOperatorTestHarness<String, DeliveryInput, OutRecord> delivery)
            implements AutoCloseable {

        static Operators open(Instant startedAt, Snapshots from) throws Exception {
            long started = startedAt.toEpochMilli();
            return new Operators(
                    open(new KeyedProcessOperator<>(new AttemptFunction()), DoraJob::attempt, from.attempts()),
                    open(new KeyedProcessOperator<>(new IncidentFunction()), DoraJob::incident, from.incidents()),
                    open(new KeyedProcessOperator<>(new GraphFunction()), GraphInput::key, from.graph()),
                    open(new KeyedProcessOperator<>(new ReferenceFunction()), ReferenceInput::key, from.references()),
                    open(
                            new DeliveryOperator(new DeliveryFunction(ZoneOffset.UTC, () -> started)),
                            DeliveryInput::key,
                            from.delivery()));
        }

        private static <I, O> KeyedOneInputStreamOperatorTestHarness<String, I, O> open(
                OneInputStreamOperator<I, O> operator,
                KeySelector<I, String> key,
                @Nullable OperatorSubtaskState snapshot)
                throws Exception {
            var harness = new KeyedOneInputStreamOperatorTestHarness<>(operator, key, Types.STRING);
            harness.setup();
            if (snapshot != null) {
                harness.initializeState(snapshot);
            }
            harness.open();
            return harness;
        }

        List<KeyedOneInputStreamOperatorTestHarness<String, ?, ?>> all() {
            return List.of(attempts, incidents, graph, references, delivery);
        }

        Snapshots snapshots() throws Exception {
            return new Snapshots(
                    attempts.snapshot(1, 1),
                    incidents.snapshot(1, 1),
                    graph.snapshot(1, 1),
                    references.snapshot(1, 1),
                    delivery.snapshot(1, 1));
        }

        @Override
        public void close() throws Exception {
            for (var harness : all()) {
                harness.close();
            }
        }
    }
}
